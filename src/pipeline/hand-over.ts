import type { Clock } from '../core/clock.ts';
import type { Journal } from '../core/journal.ts';
import type { Delivery } from '../core/sink.ts';
import { restartEnd } from '../events/restart-end.ts';
import type { SinkQueue } from '../sinks/queue.ts';
import type { StoredJournal } from '../sinks/store/journal.ts';

/** What a lane needs of a sink. */
export interface Outlet extends Pick<SinkQueue, 'state'>, Partial<Pick<SinkQueue, 'tally'>> {
  /** A promise of false says that something is left to do, see sinks/queue.ts; anything else, that nothing is. */
  push(delivery: Delivery): unknown;
}

export interface Recipients {
  readonly sinks: readonly Outlet[];
  readonly journal?: Journal | undefined;
}

/** Hands what the journal has to every sink. A life whose end all of them are done with is forgotten. */
export function handOver(delivery: Delivery, { sinks, journal }: Recipients): void {
  const pushes = sinks.map((sink) => sink.push(delivery));
  const { type, id } = delivery.event;
  if (journal === undefined || type !== 'end') return;
  void Promise.all(pushes).then((done) => {
    if (done.every((isDone) => isDone !== false)) journal.forget(id);
  });
}

/** Ends the lives that runs before this one left open: each exactly once, also when this one is killed meanwhile. */
export async function endLeftOver(
  journal: StoredJournal,
  { sinks, clock }: { readonly sinks: readonly Outlet[]; readonly clock: Clock },
): Promise<number> {
  const { leftOver } = journal;
  const ends = leftOver.map(({ last, streamSeq }) => restartEnd(last, { now: clock.now(), streamSeq }));
  await journal.note(ends);
  for (const event of ends) handOver({ event }, { sinks, journal });
  return ends.length;
}
