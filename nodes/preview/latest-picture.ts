import { asError, FalconetError } from '../../src/core/error.ts';
import { drawDetections } from '../../src/media/draw.ts';
import type { Shown } from './shown.ts';

export interface LatestPictureOptions {
  /** Of the JPEG, pixels; a smaller picture stays as it is. */
  readonly width: number;
  /** Least time between two pictures that are drawn, however many editors ask. */
  readonly everyMs: number;
  /** Called when the first editor looks, and when none has for `WATCHED_MS`. */
  readonly onWatch: (isWatched: boolean) => void;
  /** The newest picture cannot be drawn. */
  readonly onFail: (error: unknown) => void;
}

/** A picture as an editor shows it. */
export interface Drawn {
  /** Differs from that of the picture before. */
  readonly number: number;
  readonly jpeg: Buffer;
}

/** The newest picture of a camera, drawn when it is asked for and not before. */
export interface LatestPicture {
  /** This is the newest; costs nothing. */
  show(shown: Shown): void;
  /** @returns undefined where there is no picture, or the newest is the one with the number `known`. */
  ask(known: number): Promise<Drawn | undefined>;
  close(): void;
}

/** An editor asks at least every 10 s, the slowest rate that there is; one that does not looks at something else. */
const WATCHED_MS = 12_000;

export function latestPicture(options: LatestPictureOptions): LatestPicture {
  const { width, everyMs, onWatch, onFail } = options;
  let newest: { readonly number: number; readonly shown: Shown } | undefined;
  let drawn:
    | { readonly number: number; readonly at: number; readonly jpeg: Promise<Buffer | undefined> }
    | undefined;
  let watched: NodeJS.Timeout | undefined;
  let isClosed = false;

  const watch = (): void => {
    if (isClosed) return;
    if (watched === undefined) onWatch(true);
    clearTimeout(watched);
    watched = setTimeout(() => {
      watched = undefined;
      onWatch(false);
    }, WATCHED_MS).unref();
  };
  const draw = async ({ detections, use }: Shown): Promise<Buffer | undefined> => {
    try {
      return await use((picture) => drawDetections(picture, detections, { width }));
    } catch (error) {
      // It made room for newer frames, or its *camera in* was deployed anew: there is nothing wrong with that.
      if (!(error instanceof FalconetError && error.code === 'FRAME_EXPIRED')) onFail(asError(error));
      return undefined;
    }
  };
  return {
    show(shown) {
      newest = { number: (newest?.number ?? 0) + 1, shown };
    },
    async ask(known) {
      watch();
      if (newest === undefined) return undefined;
      const { number, shown } = newest;
      const now = performance.now();
      if (drawn === undefined || (drawn.number !== number && now - drawn.at >= everyMs)) {
        drawn = { number, at: now, jpeg: draw(shown) };
      }
      const answer = drawn;
      const jpeg = answer.number === known ? undefined : await answer.jpeg;
      return jpeg && { number: answer.number, jpeg };
    },
    close() {
      isClosed = true;
      newest = undefined;
      clearTimeout(watched);
    },
  };
}
