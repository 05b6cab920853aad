import { type Clock, systemClock } from '../core/clock.ts';
import { asError, errorFacts } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery, Sink } from '../core/sink.ts';
import { within } from '../core/within.ts';
import { backlog } from './backlog.ts';

export interface QueueOptions {
  /** Deliveries that wait at most. @default 1000 */
  readonly limit?: number;
  /** Bytes that wait at most, pictures included: a thousand of 60 kB. @default 64_000_000 */
  readonly limitBytes?: number;
  readonly log: Log;
  readonly clock?: Clock;
}

export interface SinkQueue {
  /** Of the sink. */
  readonly name: string;
  /** Deliveries that were given up because too many waited or the queue was closed. */
  readonly dropped: number;
  /** Deliveries that the sink could not write. */
  readonly failed: number;
  /**
   * Takes a delivery at once. Settles when nothing is left to do for it: the sink has it, or it was given up. False
   * where the queue was closed before: the next process may try again. Never rejects.
   */
  push(delivery: Delivery): Promise<boolean>;
  state(state: Parameters<NonNullable<Sink['state']>>[0]): void;
  tally(...told: Parameters<NonNullable<Sink['tally']>>): void;
  /** Resolves when nothing waits and nothing is being written. */
  drain(): Promise<void>;
  /** Writes for 1.5 s at most, then closes the sink. Idempotent, never rejects. */
  close(): Promise<void>;
}

const FLUSH_MS = 1500;
/** A closed sink answers the write that was under way; one that does not is not waited for. */
const LAST_ANSWER_MS = 100;
const REPORT_EVERY_MS = 1000;

/**
 * Stands between the pipeline and a sink, so that a slow or broken sink stops no camera: writes one delivery
 * after the other, in order, and holds what comes meanwhile. What goes when too much waits: backlog.ts. Losses
 * are counted, and logged at most once a second, with the rest on close.
 */
export function queued(sink: Sink, options: QueueOptions): SinkQueue {
  const { limit = 1000, limitBytes = 64_000_000, log, clock = systemClock } = options;
  const waiting = backlog({ deliveries: limit, bytes: limitBytes });
  const unsettled = new Map<Delivery, (isDone: boolean) => void>();
  const dropped = lossCounter(clock, (lost, total) => {
    log.warn(
      { sink: sink.name, lost, total, limit, limitBytes },
      `${sink.name}: did not keep up, deliveries were dropped`,
    );
  });
  const failed = lossCounter(clock, (lost, total, cause) => {
    log.warn(
      { sink: sink.name, lost, total, ...factsOf(cause) },
      `${sink.name}: deliveries could not be written`,
    );
  });
  let writing: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  function settle(deliveries: readonly Delivery[], isDone: boolean): void {
    for (const delivery of deliveries) {
      unsettled.get(delivery)?.(isDone);
      unsettled.delete(delivery);
    }
  }

  function drop(deliveries: readonly Delivery[]): void {
    dropped.add(deliveries);
    settle(deliveries, closing === undefined);
  }

  async function writeAll(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await sink.write(next);
        settle([next], true);
      } catch (error) {
        failed.add([next], error);
        settle([next], closing === undefined);
      }
    }
    writing = undefined;
  }

  async function drain(): Promise<void> {
    await writing;
  }

  async function flushAndClose(): Promise<void> {
    await within(FLUSH_MS, drain());
    for (let left = waiting.shift(); left !== undefined; left = waiting.shift()) drop([left]);
    await sink.close();
    await within(LAST_ANSWER_MS, drain());
    dropped.report();
    failed.report();
  }

  function tell(camera: string, say: () => Promise<void> | undefined): void {
    if (closing !== undefined) return;
    say()?.catch((error: unknown) => {
      log.warn({ sink: sink.name, camera, ...factsOf(error) }, `${sink.name}: a state was not told`);
    });
  }

  return {
    name: sink.name,
    get dropped() {
      return dropped.total();
    },
    get failed() {
      return failed.total();
    },
    push(delivery) {
      const settled = new Promise<boolean>((resolve) => unsettled.set(delivery, resolve));
      if (closing !== undefined) {
        drop([delivery]);
        return settled;
      }
      drop(waiting.push(delivery));
      writing ??= Promise.resolve().then(writeAll); // never before push has returned
      return settled;
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

/** How many of each type of event. */
type Losses = Partial<Record<FalconetEvent['type'], number>>;

/** Counts losses and reports what came together, at most once in `REPORT_EVERY_MS`. */
function lossCounter(clock: Clock, say: (lost: Losses, total: number, cause: unknown) => void) {
  let total = 0;
  let unsaid: Losses = {};
  let saidAt = Number.NEGATIVE_INFINITY;
  let latest: unknown;

  function report(): void {
    if (Object.keys(unsaid).length === 0) return;
    say(unsaid, total, latest);
    unsaid = {};
    saidAt = clock.now();
  }
  return {
    total: () => total,
    report,
    add(lost: readonly Delivery[], cause?: unknown): void {
      for (const { event } of lost) unsaid[event.type] = (unsaid[event.type] ?? 0) + 1;
      total += lost.length;
      latest = cause;
      if (clock.now() - saidAt >= REPORT_EVERY_MS) report();
    },
  };
}

function factsOf(cause: unknown): Record<string, unknown> {
  return { ...errorFacts(cause), message: asError(cause).message };
}
