import { isAskedFor, latestFirst } from '../core/asked-for.ts';
import type { EventArchive } from '../core/event-archive.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';

/** The newest lives that a gateway has told of, in memory. */
export interface Lives extends Pick<EventArchive, 'find' | 'image'> {
  add(delivery: Delivery): void;
}

export interface LivesOptions {
  /** @default 500 */
  readonly most?: number;
  /** Of all pictures together. @default 32_000_000 */
  readonly mostBytes?: number;
}

interface Life {
  readonly event: FalconetEvent;
  readonly image: Uint8Array | undefined;
}

/** The archive of a gateway without one, and what a page shows before the archive has it. The oldest lives go first. */
export function newestLives({ most = 500, mostBytes = 32_000_000 }: LivesOptions = {}): Lives {
  /** By id, in the order of their beginning. */
  const lives = new Map<string, Life>();
  let bytes = 0;

  function forget(id: string): void {
    bytes -= lives.get(id)?.image?.byteLength ?? 0;
    lives.delete(id);
  }

  return {
    add({ event, image }) {
      const known = lives.get(event.id);
      if (known !== undefined && known.event.seq >= event.seq) return;
      bytes += (image?.byteLength ?? 0) - (image === undefined ? 0 : (known?.image?.byteLength ?? 0));
      lives.set(event.id, {
        event: { ...event, image: event.image ?? known?.event.image ?? null },
        image: image ?? known?.image,
      });
      for (const id of lives.keys()) {
        if (lives.size <= most && bytes <= mostBytes) break;
        forget(id);
      }
    },
    async find(query) {
      const { before } = query;
      const found = [...lives.values()]
        .map(({ event }) => event)
        .filter(
          (event) => isAskedFor(event, query) && (before === undefined || latestFirst(before, event) < 0),
        );
      return found.sort(latestFirst).slice(0, query.limit ?? 100);
    },
    async image(ref) {
      for (const { event, image } of lives.values()) if (event.image?.ref === ref) return image;
      return undefined;
    },
  };
}
