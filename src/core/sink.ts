import type { StateReport } from './camera-state.ts';
import type { FalconetEvent } from './schema/event.ts';
import type { Tally } from './tally.ts';

/** An event and the picture that it names in `image.ref`. */
export interface Delivery {
  readonly event: FalconetEvent;
  /** JPEG. */
  readonly image?: Uint8Array;
}

/**
 * Where events go. A sink that fails rejects; the pipeline counts and logs that, and no camera stops.
 * Deliveries of one sink are written in the order of the events: one after the other, or, where it takes several at
 * once, such that the sink itself keeps the order of each camera.
 */
export interface Sink {
  readonly name: string;
  /** How many deliveries may be under way. @default 1 */
  readonly atOnce?: number;
  /**
   * Settles when the delivery is where it should be, so that nobody else has to keep it.
   *
   * @throws SINK_OFFLINE when it could not be written now and is to be tried again; SINK_WRITE when it never can.
   */
  write(delivery: Delivery): Promise<void>;
  /** Tells of a camera's state, where the sink has a place for it. */
  state?(report: StateReport): Promise<void>;
  /** Tells what a camera counts, and whether anything moves; undefined for one that is gone, whose numbers are to go too. */
  tally?(camera: string, tally: Tally | undefined): Promise<void>;
  /** Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}
