import type { Clock } from '../core/clock.ts';
import type { Frame } from '../core/frame.ts';
import type { PictureTarget } from '../ffmpeg/nut.ts';
import type { FramePool, Slot } from './frame-pool.ts';

/** A frame, or `busy` for one that came and found no place. */
export type Arrival = Frame | 'busy';

export interface FrameTargetOptions {
  readonly camera: string;
  readonly pool: FramePool;
  /** Must not fall. */
  readonly clock: Clock;
  /** Number of the next frame; called once for each, busy ones too. */
  readonly nextSeq: () => number;
  /** What happens without a free place: the picture is dropped, or its source waits. */
  readonly whenFull: 'drop' | 'wait';
  readonly onArrival: (arrival: Arrival) => void;
}

/** Makes frames of one session's pictures, in places of the camera's pool. */
export class FrameTarget implements PictureTarget {
  readonly #options: FrameTargetOptions;
  #width = 0;
  #height = 0;
  #slot: Slot | undefined;
  #pts = 0;
  #count = 0;

  constructor(options: FrameTargetOptions) {
    this.#options = options;
  }

  /** Pictures that came, busy ones too. */
  get count(): number {
    return this.#count;
  }

  size(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#options.pool.fit(width, height);
  }

  take(pts: number): Uint8Array | 'skip' | 'wait' {
    const { pool, nextSeq, whenFull, onArrival } = this.#options;
    const slot = pool.take();
    if (slot === undefined && whenFull === 'wait') return 'wait';
    this.#count++;
    if (slot === undefined) {
      nextSeq();
      onArrival('busy');
      return 'skip';
    }
    this.#slot = slot;
    this.#pts = pts;
    return slot.data;
  }

  filled(): void {
    const { camera, clock, nextSeq, onArrival } = this.#options;
    const slot = this.#slot;
    if (slot === undefined) throw new TypeError('expected filled after take, got it before');
    this.#slot = undefined;
    onArrival({
      camera,
      seq: nextSeq(),
      pts: this.#pts,
      wallTime: clock.now(),
      width: this.#width,
      height: this.#height,
      format: 'rgb24',
      data: slot.data,
      release: slot.release,
    });
  }

  /** Gives back the place of a picture that will never be whole. */
  abandon(): void {
    this.#slot?.release();
    this.#slot = undefined;
  }
}
