import { type Clock, systemClock } from '../core/clock.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { Delivery, Sink } from '../core/sink.ts';
import { within } from '../core/within.ts';
import { backlog } from './backlog.ts';
import { lossCounter } from './losses.ts';
import { type Held, type Outbox, passingOutbox } from './outbox.ts';
import { createWaits } from './waits.ts';

/** What may wait for a sink. */
export interface QueueLimits {
  /** Deliveries. @default 10_000 */
  readonly limit?: number;
  /** Bytes, pictures included: a thousand of 60 kB. @default 64_000_000 */
  readonly limitBytes?: number;
  /** How long a delivery waits, ms. @default 86_400_000, a day */
  readonly maxAgeMs?: number;
}

export interface QueueOptions extends QueueLimits {
  /** Whether the sink has a place for pictures; else none waits for it. @default true */
  readonly takesPictures?: boolean | undefined;
  /** Holds what waits. @default one in memory */
  readonly outbox?: Outbox;
  /** Settles when whoever held the outbox before is done: what that leaves goes out first. @default at once */
  readonly after?: Promise<unknown>;
  /** Before a sink that is offline is tried again, ms. @default 1_000 */
  readonly retryMs?: number;
  readonly log: Log;
  /** For what the log says. */
  readonly clock?: Clock;
  /** ms that pass evenly, for ages. @default performance.now */
  readonly steadyNow?: () => number;
}

export interface SinkQueue {
  /** Of the sink. */
  readonly name: string;
  /** Deliveries that wait for the sink or are being written. */
  readonly size: number;
  /** Deliveries that were given up because too many waited, they were too old, or the queue was closed. */
  readonly dropped: number;
  /** Deliveries that the sink could not write. */
  readonly failed: number;
  /** Takes a delivery at once. It reaches the sink after it is in the outbox, and leaves that when the sink has it. */
  push(delivery: Delivery): void;
  state(state: Parameters<NonNullable<Sink['state']>>[0]): void;
  tally(...told: Parameters<NonNullable<Sink['tally']>>): void;
  /** Resolves when nothing waits and nothing is being written. */
  drain(): Promise<void>;
  /** Writes for 1.5 s at most, then closes the sink. What waits stays in the outbox. Idempotent, never rejects. */
  close(): Promise<void>;
}

const FLUSH_MS = 1500;
/** A closed sink answers the write that was under way; one that does not is not waited for. */
const LAST_ANSWER_MS = 100;
const DAY_MS = 86_400_000;
/** How often what waits is looked through for what is too old. */
const EXPIRE_EVERY_MS = 1000;

/**
 * Stands between the pipeline and a sink, so that a slow or broken sink stops no camera: hands deliveries to it in
 * order, as many at once as it takes, and holds what comes meanwhile. What goes when too much waits: backlog.ts. What
 * a sink that is offline gives back is tried again every second, in order. Losses are counted, and logged at most once
 * a second, with the rest on close.
 */
export function queued(sink: Sink, options: QueueOptions): SinkQueue {
  const { limit = 10_000, limitBytes = 64_000_000, maxAgeMs = DAY_MS, retryMs = 1_000 } = options;
  const { takesPictures = true, outbox = passingOutbox(), after = Promise.resolve() } = options;
  const { log, clock = systemClock } = options;
  const { steadyNow = () => performance.now() } = options;
  const { name } = sink;
  const waiting = backlog<Held>({ deliveries: limit, bytes: limitBytes }, outbox.shed);
  const underWay = new Set<Held>();
  const waits = createWaits();
  /** Had their turn before. */
  let again: Held[] = [];
  let isPaused = true;
  let retry: NodeJS.Timeout | undefined;
  let expiredAt = steadyNow();
  /** The sink is closed, or closes. */
  let isOver = false;
  let closing: Promise<void> | undefined;
  const dropped = lossCounter(clock, (lost, total) => {
    const facts = { sink: name, lost, total, limit, limitBytes, maxAgeMs };
    log.warn(facts, `${name}: did not keep up, deliveries were dropped`);
  });
  const failed = lossCounter(clock, (lost, total, cause) => {
    log.warn({ sink: name, lost, total, ...factsOf(cause) }, `${name}: deliveries could not be written`);
  });

  const atOnce = (): number => sink.atOnce ?? 1;
  const size = (): number => waiting.size + again.length + underWay.size;

  const drain = (): Promise<void> => waits.until(() => size() === 0);

  function drop(held: readonly Held[]): void {
    if (held.length === 0) return;
    dropped.add(held);
    outbox.release(held);
  }

  function expire(): void {
    if (steadyNow() - expiredAt < EXPIRE_EVERY_MS) return;
    expiredAt = steadyNow();
    drop(waiting.expire(expiredAt - maxAgeMs));
  }

  /** What was left before goes first; so much of it as can be under way may have been sent, and is not dropped. */
  function takeOver(): void {
    if (isOver) return;
    const left = outbox.left(takesPictures);
    if (left.length > 0) log.info({ sink: name, left: left.length }, `${name}: what was left before is sent`);
    again = left.slice(0, atOnce());
    drop(waiting.pushFirst(left.slice(atOnce())));
    resume();
  }

  function resume(): void {
    isPaused = false;
    retry = undefined;
    sendNext();
  }

  function sendNext(): void {
    expire();
    while (!isPaused && underWay.size < atOnce()) {
      const next = again.shift() ?? waiting.shift();
      if (next === undefined) break;
      underWay.add(next);
      void send(next);
    }
    waits.check();
  }

  async function send(held: Held): Promise<void> {
    await held.kept;
    try {
      await sink.write(held);
      outbox.release([held]);
    } catch (error) {
      if (isOffline(error)) giveBack(held);
      else {
        failed.add([held], error);
        outbox.release([held]);
      }
    }
    underWay.delete(held);
    if (isPaused && underWay.size === 0 && closing === undefined) retry ??= setTimeout(resume, retryMs);
    sendNext();
  }

  function giveBack(held: Held): void {
    isPaused = true;
    again = [...again, held].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Nobody of this process will send it. */
  function leave(held: readonly Held[]): void {
    if (!outbox.isLasting) dropped.add(held);
    else if (held.length > 0) {
      log.info({ sink: name, left: held.length }, `${name}: what was not sent is kept for the next start`);
    }
  }

  async function flushAndClose(): Promise<void> {
    await within(FLUSH_MS, drain());
    isOver = true;
    isPaused = true;
    clearTimeout(retry);
    await sink.close();
    const answered = waits.until(() => underWay.size === 0);
    await within(LAST_ANSWER_MS, answered);
    const rest = [...underWay, ...again];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) rest.push(next);
    again = [];
    leave(rest);
    dropped.report();
    failed.report();
  }

  function tell(camera: string, say: () => Promise<void> | undefined): void {
    if (closing !== undefined) return;
    say()?.catch((error: unknown) => {
      log.warn({ sink: name, camera, ...factsOf(error) }, `${name}: a state was not told`);
    });
  }

  void after.then(takeOver);
  return {
    name,
    get size() {
      return size();
    },
    get dropped() {
      return dropped.total();
    },
    get failed() {
      return failed.total();
    },
    push({ event, image }) {
      const held = outbox.hold(takesPictures && image !== undefined ? { event, image } : { event });
      if (closing !== undefined) return leave([held]);
      drop(waiting.push(held));
      sendNext();
    },
    state(state) {
      tell(state.camera, () => sink.state?.(state));
    },
    tally(camera, tally) {
      tell(camera, () => sink.tally?.(camera, tally));
    },
    drain,
    close() {
      closing ??= flushAndClose();
      return closing;
    },
  };
}

function isOffline(error: unknown): boolean {
  return error instanceof FalconetError && error.code === 'SINK_OFFLINE';
}

function factsOf(cause: unknown): Record<string, unknown> {
  return { ...errorFacts(cause), message: asError(cause).message };
}
