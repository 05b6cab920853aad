import { setTimeout as wait } from 'node:timers/promises';
import type { EventArchive, EventQuery } from '../../core/event-archive.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { onStopSignal } from '../../daemon/signals.ts';

export interface FollowOptions {
  readonly query: EventQuery;
  /** What was there before, as `recentLives` found it, and then what was shown. */
  readonly known: readonly FalconetEvent[];
  readonly show: (event: FalconetEvent) => void;
  /** Whether updates are shown too, and not only beginning and end. */
  readonly everyMessage: boolean;
}

const EVERY_MS = 1_000;
/** The end of a life is known after it: a place where something was parked is watched for five minutes. */
const LATE_MS = 600_000;
/** Of what was in sight lately. */
const MOST = 1_000;
/** Lives whose newest message is remembered, so that none is shown twice. */
const MOST_KNOWN = 10_000;

/** What is in sight, or was lately: all of which there may be news. @throws as `EventArchive.find` */
export function recentLives(archive: EventArchive, query: EventQuery): Promise<FalconetEvent[]> {
  return archive.find({ ...query, since: Date.now() - LATE_MS, limit: MOST });
}

/** Shows what begins, and what changes, until a signal comes. */
export async function followEvents(
  archive: EventArchive,
  { query, known, show, everyMessage }: FollowOptions,
): Promise<void> {
  const stop = new AbortController();
  const forget = onStopSignal(() => stop.abort());
  const markOf = ({ seq, end }: FalconetEvent): string => `${everyMessage ? seq : end}`;
  const shown = new Map(known.map((event) => [event.id, markOf(event)]));
  try {
    for (;;) {
      await wait(EVERY_MS, undefined, { signal: stop.signal });
      const seen = await recentLives(archive, query);
      for (const event of seen.toReversed()) {
        if (shown.get(event.id) !== markOf(event)) show(event);
        shown.delete(event.id); // the newest come last
        shown.set(event.id, markOf(event));
      }
      for (const id of [...shown.keys()].slice(0, -MOST_KNOWN)) shown.delete(id);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    forget();
  }
}
