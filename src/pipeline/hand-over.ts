import type { Clock } from '../core/clock.ts';
import type { Journal } from '../core/journal.ts';
import type { Delivery } from '../core/sink.ts';
import { restartEnd } from '../events/restart-end.ts';
import type { SinkQueue } from '../sinks/queue.ts';
import type { StoredJournal } from '../sinks/store/journal.ts';

/** What a lane needs of a sink. */
export interface Outlet extends Pick<SinkQueue, 'push' | 'state'>, Partial<Pick<SinkQueue, 'tally'>> {}

export interface Recipients {
  readonly sinks: readonly Outlet[];
  readonly journal?: Journal | undefined;
}

/**
 * Gives a delivery to the journal and to every sink's queue, in one turn of the event loop: on disk they are one commit,
 * so that after a crash all of them know of an event or none.
 */
export function handOver(delivery: Delivery, { sinks, journal }: Recipients): void {
  journal?.note(delivery.event);
  for (const sink of sinks) sink.push(delivery);
}

/** Ends the lives that runs before this one left open: each exactly once, also when this one is killed meanwhile. */
export function endLeftOver(
  journal: StoredJournal,
  { sinks, clock }: { readonly sinks: readonly Outlet[]; readonly clock: Clock },
): number {
  const { leftOver } = journal;
  for (const { last, streamSeq } of leftOver) {
    const event = restartEnd(last, { now: clock.now(), streamSeq });
    handOver({ event }, { sinks, journal });
  }
  return leftOver.length;
}
