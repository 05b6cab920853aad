import type { FalconetEvent } from './schema/event.ts';

/** Remembers on disk which lives are open, so that each gets its `end` whatever happens to the gateway. */
export interface Journal {
  /**
   * Keeps an event as the last word on its life, and forgets a life with its `end`.
   *
   * Returns at once; on disk together with what the sinks' queues take in the same turn of the event loop, as a whole or
   * not at all. So an event that is to be sent is also the one that its life goes on from.
   */
  note(event: FalconetEvent): void;
}
