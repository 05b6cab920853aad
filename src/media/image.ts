import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Frame } from '../core/frame.ts';
import { isoTime } from '../core/iso-time.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';

// One thread of libvips a picture: the other cores belong to the engines.
sharp.concurrency(1);

/** Of libjpeg's scale to 100; a 640 x 360 picture takes some 40 kB. */
const QUALITY = 80;

/** RGB24, row-major, `[height, width, 3]`. */
export type Picture = Pick<Frame, 'width' | 'height' | 'data'>;

/**
 * JPEG of a picture, encoded off the event loop.
 *
 * The pixels are read where they lie: they must stay as they are until the promise is settled.
 */
export async function encodeJpeg({ width, height, data }: Picture): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** A picture that is not the event's own frame. */
export interface RecordedImage {
  /** When it was taken, and when the frame was that it is to show, ms since the epoch. */
  readonly time: number;
  readonly of: number;
  /** Where the object was in that frame. */
  readonly box: FalconetEvent['box'];
}

/**
 * The event with a picture, named `<camera>/<id>-<seq>.jpg`.
 *
 * @param recorded - @default it shows the event's own frame
 */
export function withImage(event: FalconetEvent, jpeg: Uint8Array, recorded?: RecordedImage): Delivery {
  const at =
    recorded === undefined
      ? ({ time: event.time, source: 'detect', offset_ms: 0, box: event.box } as const)
      : ({
          time: isoTime(recorded.time),
          source: 'record',
          offset_ms: recorded.time - recorded.of,
          box: recorded.box,
        } as const);
  const image: FalconetEvent['image'] = {
    ref: `${event.camera}/${event.id}-${event.seq}.jpg`,
    sha256: createHash('sha256').update(jpeg).digest('hex'),
    ...at,
  };
  return { event: { ...event, image }, image: jpeg };
}
