import type { FalconetEvent } from './schema/event.ts';

/** Which lives are asked for; what is left out holds for all. */
export interface EventQuery {
  readonly camera?: string;
  readonly label?: string;
  /** One that it has entered. */
  readonly zone?: string;
  /** Still seen then or later, ms since the epoch. */
  readonly since?: number;
  /** Begun before then, ms since the epoch. */
  readonly until?: number;
  /** Further back than this one of an earlier answer, so that its last leads to the next page. */
  readonly before?: Pick<FalconetEvent, 'id' | 'start'>;
  /** 1 to 1,000 lives. @default 100 */
  readonly limit?: number;
}

/**
 * The lives that a gateway has seen, over restarts, as long as they are kept. Each is one event: its newest message,
 * with the newest picture that any of its messages brought.
 */
export interface EventArchive {
  /**
   * Latest start first; an open life has `end: null`. One that was open, and of which nothing was heard for a day, has
   * its last sighting as `end`, whatever the type of its newest message.
   *
   * @throws ARCHIVE_FAILED where it cannot be read.
   */
  find(query: EventQuery): Promise<FalconetEvent[]>;
  /**
   * JPEG that `image.ref` of an event of `find` names; undefined where it is no longer kept, or never was.
   *
   * @throws ARCHIVE_FAILED where it cannot be read.
   */
  image(ref: string): Promise<Uint8Array | undefined>;
  /** Idempotent, never rejects, done within 2 s. */
  close(): Promise<void>;
}
