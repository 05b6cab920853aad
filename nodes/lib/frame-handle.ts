import { FalconetError } from '../../src/core/error.ts';
import type { Frame } from '../../src/core/frame.ts';
import { encodeJpeg, type Picture } from '../../src/media/image.ts';
import { type FrameShelf, frameShelf } from '../../src/streams/frame-shelf.ts';

/** A handle is good for as long as this: time for a delay, a function and a second look. */
export const KEPT_MS = 2_000;

/** Where handles look their frames up; a number in the handle survives being cloned, a reference would be cloned too. */
const shelves = new Map<number, FrameShelf>();
let shelfCount = 0;
/** A symbol stays out of the sidebar and of JSON. */
const SHELF = Symbol('shelf');
const REPLAYED = Symbol('replayed');

/** Puts frames where their handles find them. */
export interface HandleMaker {
  /**
   * Takes the frame over.
   *
   * @param isReplayed - it is of a file, not of now.
   */
  handle(frame: Frame, isReplayed: boolean): FrameHandle;
  close(): void;
}

export function createHandleMaker(): HandleMaker {
  const shelf = frameShelf(KEPT_MS);
  const id = ++shelfCount;
  shelves.set(id, shelf);
  return {
    handle(frame, isReplayed) {
      shelf.keep(frame);
      return new FrameHandle(id, frame, isReplayed);
    },
    close() {
      shelves.delete(id);
      shelf.close();
    },
  };
}

/**
 * A frame in a message: what it is, and methods that look up its pixels, which lie elsewhere. It may be cloned, as
 * Node-RED does for each wire. It is good for 2 s.
 */
export class FrameHandle {
  readonly camera: string;
  readonly seq: number;
  readonly pts: number;
  readonly width: number;
  readonly height: number;
  private readonly [SHELF]: number;
  private readonly [REPLAYED]: boolean;

  constructor(shelf: number, { camera, seq, pts, width, height }: Frame, isReplayed: boolean) {
    this.camera = camera;
    this.seq = seq;
    this.pts = pts;
    this.width = width;
    this.height = height;
    this[SHELF] = shelf;
    this[REPLAYED] = isReplayed;
  }

  /** It is of a file, which may be played again. */
  get isReplayed(): boolean {
    return this[REPLAYED];
  }

  /** @throws FRAME_EXPIRED */
  jpeg(): Promise<Buffer> {
    return this.use(encodeJpeg);
  }

  /**
   * A copy: RGB24, row-major, `[height, width, 3]`.
   *
   * @throws FRAME_EXPIRED
   */
  pixels(): Promise<Picture> {
    return this.use(async ({ width, height, data }) => ({ width, height, data: Buffer.from(data) }));
  }

  /**
   * Calls `use` with the frame where it lies; its pixels stay as they are until that is settled.
   *
   * @throws FRAME_EXPIRED
   */
  async use<T>(use: (frame: Frame) => Promise<T>): Promise<T> {
    const used = await shelves
      .get(this[SHELF])
      ?.use(this.seq, async (frame) => ({ result: await use(frame) }));
    if (used !== undefined) return used.result;
    const message = `${this.camera}: expected frame ${this.seq} within ${KEPT_MS / 1_000} s, it is gone`;
    throw new FalconetError('FRAME_EXPIRED', message, {
      hint: 'Take what you need of msg.frame at once, such as its jpeg()',
    });
  }
}
