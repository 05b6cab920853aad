import { setTimeout as wait } from 'node:timers/promises';
import type { EventArchive, EventQuery } from '../../core/event-archive.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { onStopSignal } from '../../daemon/signals.ts';

export interface FollowOptions {
  readonly query: EventQuery;
  /** What was shown before. */
  readonly found: readonly FalconetEvent[];
  readonly show: (event: FalconetEvent) => void;
  /** Whether updates are shown too, and not only beginning and end. */
  readonly everyMessage: boolean;
}

const EVERY_MS = 1_000;
/** The end of a life is known some seconds after it. */
const LATE_MS = 120_000;
/** Of what was in sight lately. */
const MOST = 1_000;

/** Shows what begins, and what changes, until a signal comes. */
export async function followEvents(
  archive: EventArchive,
  { query, found, show, everyMessage }: FollowOptions,
): Promise<void> {
  const stop = new AbortController();
  const forget = onStopSignal(() => stop.abort());
  const markOf = ({ seq, end }: FalconetEvent): string => `${everyMessage ? seq : end}`;
  const began = Date.now();
  let shown = new Map(found.map((event) => [event.id, markOf(event)]));
  try {
    for (;;) {
      await wait(EVERY_MS, undefined, { signal: stop.signal });
      const since = Math.max(began, Date.now() - LATE_MS);
      const seen = await archive.find({ ...query, since, limit: MOST });
      const changed = seen.filter((event) => shown.get(event.id) !== markOf(event));
      for (const event of changed.toReversed()) show(event);
      shown = new Map(seen.map((event) => [event.id, markOf(event)]));
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    forget();
  }
}
