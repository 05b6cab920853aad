import type { Detection } from '../../src/core/detection.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Picture } from '../../src/media/image.ts';
import { FrameHandle } from '../lib/frame-handle.ts';
import { isDetections, isPicture, kindOf, readPicture } from '../lib/io.ts';
import type { Message } from '../lib/node-red.ts';

/** A picture, wherever it lies, and what was found on it. */
export interface Shown {
  readonly detections: readonly Detection[];
  /** Calls `use` with the picture, which stays as it is until that is settled. */
  readonly use: <T>(use: (picture: Picture) => Promise<T>) => Promise<T>;
}

/**
 * What a message has to show: the picture in its payload, or a frame of *camera in* with what *detect* found on it.
 * Nothing is read or decoded yet.
 *
 * @throws USAGE where there is no picture.
 */
export function shownIn({ frame, payload }: Message): Shown {
  if (isPicture(payload)) {
    return { detections: [], use: async (use) => use(await readPicture(payload)) };
  }
  if (frame instanceof FrameHandle) {
    return { detections: isDetections(payload) ? payload : [], use: (use) => frame.use(use) };
  }
  throw new FalconetError('USAGE', `expected a picture, got ${kindOf(payload)} and no frame`, {
    hint: 'Wire camera in or detect to this node, or send the bytes of a picture in msg.payload',
  });
}
