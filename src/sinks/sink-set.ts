import { type Clock, systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Sink } from '../core/sink.ts';
import { queued, type SinkQueue } from './queue.ts';

/** A sink to be. */
export interface SinkPlan {
  readonly name: string;
  /** Differs whenever the sink has to be another one; holds secrets, so it is never shown. */
  readonly key: string;
  open(): Sink;
}

/** The sinks of a gateway behind one that stays, while they come and go. */
export interface SinkSet extends Pick<SinkQueue, 'push' | 'state' | 'tally'> {
  /** Of the sinks in use. */
  readonly names: readonly string[];
  /**
   * Makes these the sinks in use: one with the same key goes on, with what waits in its queue. The others write for
   * 1.5 s at most and close before a new one opens, because their last words would come after its first; the new one's
   * queue holds what comes meanwhile.
   *
   * @throws what a plan's `open` does, when nothing has to be closed first.
   */
  use(plans: readonly SinkPlan[]): void;
  /** Closes all. Idempotent, never rejects, done within some 5 s. */
  close(): Promise<void>;
}

interface InUse {
  readonly key: string;
  readonly queue: SinkQueue;
}

export function sinkSet({
  log,
  clock = systemClock,
}: {
  readonly log: Log;
  readonly clock?: Clock;
}): SinkSet {
  let inUse: readonly InUse[] = [];
  let leaving: Promise<unknown> = Promise.resolve();

  return {
    get names() {
      return inUse.map(({ queue }) => queue.name);
    },
    async push(delivery) {
      const done = await Promise.all(inUse.map(({ queue }) => queue.push(delivery)));
      return done.every((isDone) => isDone);
    },
    state(state) {
      for (const { queue } of inUse) queue.state(state);
    },
    tally(camera, tally) {
      for (const { queue } of inUse) queue.tally(camera, tally);
    },
    use(plans) {
      const spare = [...inUse];
      const kept = plans.map((plan) => {
        const at = spare.findIndex(({ key }) => key === plan.key);
        return at < 0 ? undefined : spare.splice(at, 1)[0];
      });
      const closed = spare.map(({ queue }) => queue.close());
      leaving = Promise.all([leaving, ...closed]);
      const open = ({ name, key, open: openNow }: SinkPlan): InUse => {
        const sink = closed.length === 0 ? openNow() : openedAfter(leaving, name, openNow);
        return { key, queue: queued(sink, { log, clock }) };
      };
      const next: InUse[] = [];
      try {
        for (const [i, plan] of plans.entries()) next.push(kept[i] ?? open(plan));
      } catch (error) {
        for (const { key, queue } of next) if (!inUse.some((old) => old.key === key)) void queue.close();
        throw error;
      }
      inUse = next;
    },
    async close() {
      await Promise.all([leaving, ...inUse.map(({ queue }) => queue.close())]);
    },
  };
}

/** A sink whose writes wait until it may open. */
function openedAfter(before: Promise<unknown>, name: string, open: () => Sink): Sink {
  const opened = before.then(open);
  opened.catch(() => {}); // each write hears of it
  return {
    name,
    write: async (delivery) => (await opened).write(delivery),
    state: async (state) => (await opened).state?.(state),
    tally: async (camera, tally) => (await opened).tally?.(camera, tally),
    close: () =>
      opened.then(
        (sink) => sink.close(),
        () => {},
      ),
  };
}
