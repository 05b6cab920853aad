import type { FfmpegSource } from '../../src/core/camera-source.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Ffmpeg } from '../../src/ffmpeg/find.ts';
import { encodeJpeg, type Picture } from '../../src/media/image.ts';
import { type FrameShelf, frameShelf } from '../../src/streams/frame-shelf.ts';
import type { FrameMeter } from '../../src/streams/meter.ts';

/** A handle is good for at least this long: time for a delay, a function and a second look. */
export const KEPT_MS = 2_000;

/** Video that a camera gives beside the frames, for whoever copies it. */
export interface CopiedVideo {
  readonly source: FfmpegSource;
  readonly ffmpeg: Ffmpeg;
  /** Every form in which the camera's password could show. */
  readonly secrets: Iterable<string>;
}

/** A camera being read, from a start to a stop. */
export interface Reading {
  /** Undefined where there is none, or where it would show what the frames hide. */
  readonly video?: CopiedVideo | undefined;
  /** Counts its frames, and those that the nodes on their way drop. */
  readonly meter: FrameMeter;
  /** Aborted with the stop. */
  readonly ended: AbortSignal;
}

interface Place {
  readonly shelf: FrameShelf;
  reading: Reading | undefined;
}

/** Where handles look their frames up; a number in the handle survives being cloned, a reference would be cloned too. */
const places = new Map<number, Place>();
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
  /** The frames to come are of a new reading. */
  begin(reading: Omit<Reading, 'ended'>): void;
  /** The reading is over. Idempotent. */
  end(): void;
  close(): void;
}

export function createHandleMaker(): HandleMaker {
  const shelf = frameShelf(KEPT_MS);
  const id = ++shelfCount;
  const place: Place = { shelf, reading: undefined };
  places.set(id, place);
  let running = new AbortController();
  const end = (): void => {
    place.reading = undefined;
    running.abort();
  };
  return {
    begin(reading) {
      end();
      running = new AbortController();
      place.reading = { ...reading, ended: running.signal };
    },
    end,
    handle(frame, isReplayed) {
      shelf.keep(frame);
      return new FrameHandle(id, frame, isReplayed);
    },
    close() {
      end();
      places.delete(id);
      shelf.close();
    },
  };
}

/**
 * A frame in a message: what it is, and methods that look up its pixels, which lie elsewhere. It may be cloned, as
 * Node-RED does for each wire. It is good for 2 s, the newest of its camera until the next comes.
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

  static placeOf(handle: FrameHandle): number {
    return handle[SHELF];
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
    const used = await places
      .get(this[SHELF])
      ?.shelf.use(this.seq, async (frame) => ({ result: await use(frame) }));
    if (used !== undefined) return used.result;
    const message = `${this.camera}: expected frame ${this.seq} within ${KEPT_MS / 1_000} s, it is gone`;
    throw new FalconetError('FRAME_EXPIRED', message, {
      hint: 'Take what you need of msg.frame at once, such as its jpeg()',
    });
  }
}

/** The reading that goes on where a frame is from. No property of the handle: functions see handles, and its address has a password. */
export function readingOf(handle: FrameHandle): Reading | undefined {
  return places.get(FrameHandle.placeOf(handle))?.reading;
}
