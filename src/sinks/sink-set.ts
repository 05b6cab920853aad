import { type Clock, systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Sink } from '../core/sink.ts';
import { type Outbox, passingOutbox } from './outbox.ts';
import { type QueueLimits, queued, type SinkQueue } from './queue.ts';

/** A sink to be. */
export interface SinkPlan {
  readonly name: string;
  /** Names its outbox: differs between sinks, and is the same after a restart. @default its name */
  readonly place?: string;
  /** @default true */
  readonly takesPictures?: boolean;
  /** Differs whenever the sink has to be another one; holds secrets, so it is never shown. */
  readonly key: string;
  open(): Sink;
}

/** Where and how much of it waits for the sinks. */
export interface Waiting extends QueueLimits {
  /** The outbox of a place. @default one in memory */
  readonly outboxOf?: ((place: string) => Outbox) | undefined;
}

/** The sinks of a gateway behind one that stays, while they come and go. */
export interface SinkSet extends Pick<SinkQueue, 'push' | 'state' | 'tally'> {
  /** Of the sinks in use. */
  readonly names: readonly string[];
  /** What waits for the sinks in use, and what was lost. */
  readonly queues: readonly Pick<SinkQueue, 'name' | 'size' | 'dropped' | 'failed'>[];
  /**
   * Makes these the sinks in use: one with the same key goes on, with what waits in its queue. The others write for
   * 1.5 s at most and close before a new one opens, because their last words would come after its first; the new one's
   * queue holds what comes meanwhile, and goes on with what is left in the outbox of its place.
   *
   * @param waiting - for the queues of new sinks
   * @throws what a plan's `open` does, when nothing has to be closed first.
   */
  use(plans: readonly SinkPlan[], waiting?: Waiting): void;
  /** Closes all; `use` brings others. Idempotent, never rejects, done within some 5 s. */
  close(): Promise<void>;
}

interface InUse {
  readonly key: string;
  /** Of its outbox. */
  readonly place: string;
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
  let leaving: Promise<void> = Promise.resolve();

  return {
    get names() {
      return inUse.map(({ queue }) => queue.name);
    },
    get queues() {
      return inUse.map(({ queue }) => queue);
    },
    push(delivery) {
      for (const { queue } of inUse) queue.push(delivery);
    },
    state(state) {
      for (const { queue } of inUse) queue.state(state);
    },
    tally(camera, tally) {
      for (const { queue } of inUse) queue.tally(camera, tally);
    },
    use(plans, { outboxOf = passingOutbox, ...limits } = {}) {
      const spare = [...inUse];
      const kept = plans.map((plan) => {
        const at = spare.findIndex(({ key }) => key === plan.key);
        return at < 0 ? undefined : spare.splice(at, 1)[0];
      });
      const closed = spare.map(({ queue }) => queue.close());
      leaving = Promise.all([leaving, ...closed]).then(() => {}); // without a value, or each would hold all before it
      const taken = new Set(kept.map((one) => one?.place));
      const open = (plan: SinkPlan): InUse => {
        const { name, key, place: wanted = name, takesPictures, open: openNow } = plan;
        const sink = closed.length === 0 ? openNow() : openedAfter(leaving, name, openNow);
        const place = freePlace(wanted, taken);
        taken.add(place);
        const outbox = outboxOf(place);
        const options = { ...limits, takesPictures, outbox, after: leaving, log, clock };
        return { key, place, queue: queued(sink, options) };
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
      const last = inUse;
      inUse = [];
      leaving = Promise.all([leaving, ...last.map(({ queue }) => queue.close())]).then(() => {});
      await leaving;
    },
  };
}

/** Two sinks that are alike are two places. */
function freePlace(wanted: string, taken: ReadonlySet<string | undefined>): string {
  let place = wanted;
  for (let number = 2; taken.has(place); number++) place = `${wanted} ${number}`;
  return place;
}

/** A sink whose writes wait until it may open. */
function openedAfter(before: Promise<unknown>, name: string, open: () => Sink): Sink {
  let atOnce = 1;
  const opened = before.then(() => {
    const sink = open();
    atOnce = sink.atOnce ?? 1;
    return sink;
  });
  opened.catch(() => {}); // each write hears of it
  return {
    name,
    get atOnce() {
      return atOnce;
    },
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
