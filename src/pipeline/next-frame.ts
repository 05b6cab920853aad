import { FalconetError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import { encodeJpeg } from '../media/image.ts';

/** A picture of a camera as it is now, private areas black. */
export interface Snapshot {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Arrival, ms since the epoch. */
  readonly time: number;
}

/** Gives a camera's next frame to whoever asks for a picture of now. */
export interface NextFrame {
  /** Takes a frame that has its masks; its pixels are copied where somebody waits for them. */
  show(frame: Frame): void;
  /** @throws REQUEST_REFUSED when none comes within 10 s, the camera is stopped, or too many wait already. */
  snapshot(): Promise<Snapshot>;
  /** Nobody gets a picture any more. Idempotent. */
  close(): void;
}

const PATIENCE_MS = 10_000;
const MOST_WAITING = 8;

export function nextFrame(camera: string): NextFrame {
  const waiting = new Set<PromiseWithResolvers<Snapshot>>();
  let isClosed = false;

  const giveUp = (wait: PromiseWithResolvers<Snapshot>, why: string): void => {
    if (waiting.delete(wait)) wait.reject(noPicture(camera, why));
  };
  return {
    show({ width, height, data, wallTime: time }) {
      if (waiting.size === 0 || data.length === 0) return;
      const waits = [...waiting];
      waiting.clear();
      const encoded = encodeJpeg({ width, height, data: Uint8Array.from(data) });
      encoded.then(
        (jpeg) => {
          for (const { resolve } of waits) resolve({ jpeg, width, height, time });
        },
        (error: unknown) => {
          for (const { reject } of waits) reject(error);
        },
      );
    },
    async snapshot() {
      if (isClosed) throw noPicture(camera, 'the camera is stopped');
      if (waiting.size >= MOST_WAITING) throw noPicture(camera, 'too many wait for one already');
      const wait = Promise.withResolvers<Snapshot>();
      waiting.add(wait);
      const timer = setTimeout(() => giveUp(wait, `none came within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
      try {
        return await wait.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      isClosed = true;
      for (const wait of [...waiting]) giveUp(wait, 'the camera is stopped');
    },
  };
}

function noPicture(camera: string, why: string): FalconetError {
  return new FalconetError('REQUEST_REFUSED', `${camera}: expected a picture, but ${why}`);
}
