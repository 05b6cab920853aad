import type { Delivery } from '../../core/sink.ts';

/** What is sent, byte by byte, so that it can be signed. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export async function bodyOf({ event, image }: Delivery, format: 'json' | 'multipart'): Promise<Body> {
  const json = JSON.stringify(event);
  if (format === 'json') return { bytes: Buffer.from(json), contentType: 'application/json' };
  const form = new FormData();
  form.set('event', new Blob([json], { type: 'application/json' }), 'event.json');
  if (image !== undefined && event.image !== null) {
    const name = event.image.ref.split('/').at(-1) ?? 'image.jpg';
    form.set('image', new Blob([Uint8Array.from(image)], { type: 'image/jpeg' }), name);
  }
  const built = new Response(form);
  return {
    bytes: new Uint8Array(await built.arrayBuffer()),
    contentType: built.headers.get('content-type') ?? 'multipart/form-data',
  };
}
