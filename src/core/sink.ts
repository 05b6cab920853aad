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
 * Deliveries of one sink are written one after the other, in the order of the events.
 */
export interface Sink {
  readonly name: string;
  /**
   * @throws SINK_OFFLINE when there is no connection, SINK_WRITE when the event could not be kept.
   */
  write(delivery: Delivery): Promise<void>;
  /** Tells of a camera's state, where the sink has a place for it. */
  state?(report: StateReport): Promise<void>;
  /** Tells what a camera counts, and whether anything moves; undefined for one that is gone, whose numbers are to go too. */
  tally?(camera: string, tally: Tally | undefined): Promise<void>;
  /** Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}
