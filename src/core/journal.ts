import type { FalconetEvent } from './schema/event.ts';

/** Remembers on disk which lives are open, so that each gets its `end` whatever happens to the gateway. */
export interface Journal {
  /**
   * Keeps each event as the last word on its life. To be awaited before the events leave the gateway.
   *
   * Settles once they are on disk, or when the disk fails or is too slow: events never wait longer for it than a
   * second, and it never rejects.
   */
  note(events: readonly FalconetEvent[]): Promise<void>;
  /** The sinks have this life's `end`, or have given it up: nothing is left to do for it. */
  forget(id: string): void;
}
