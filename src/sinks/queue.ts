import { type Clock, systemClock } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { Delivery, Sink } from '../core/sink.ts';
import { backlog } from './backlog.ts';

export interface QueueOptions {
  /** Deliveries that wait at most; with pictures of 60 kB each, 1000 hold 60 MB. @default 1000 */
  readonly limit?: number;
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
  /** Takes a delivery and returns at once; never throws. */
  push(delivery: Delivery): void;
  state(state: Parameters<NonNullable<Sink['state']>>[0]): void;
  /** Resolves when nothing waits and nothing is being written. */
  drain(): Promise<void>;
  /** Writes for 3 s at most, then closes the sink. Idempotent, never rejects. */
  close(): Promise<void>;
}

const FLUSH_MS = 3000;
const REPORT_EVERY_MS = 1000;

/**
 * Stands between the pipeline and a sink, so that a slow or broken sink stops no camera: writes one delivery
 * after the other, in order, and holds what comes meanwhile. What goes when too much waits: backlog.ts. Losses
 * are counted, and logged at most once a second, with the rest on close.
 */
export function queued(sink: Sink, options: QueueOptions): SinkQueue {
  const { limit = 1000, log, clock = systemClock } = options;
  const waiting = backlog(limit);
  const dropped = lossCounter(clock, (count, total) => {
    const facts = { sink: sink.name, count, total, limit };
    log.warn(facts, `${sink.name}: ${count} deliveries dropped, too many waited`);
  });
  const failed = lossCounter(clock, (count, total, cause) => {
    log.warn({ sink: sink.name, count, total, ...factsOf(cause) }, `${sink.name}: ${count} writes failed`);
  });
  let writing: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await sink.write(next);
      } catch (error) {
        failed.add(1, error);
      }
    }
    writing = undefined;
  }

  async function drain(): Promise<void> {
    await writing;
  }

  async function flushAndClose(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    await Promise.race([drain(), timeUp]);
    clearTimeout(timer);
    const left = waiting.size;
    while (waiting.shift() !== undefined);
    dropped.add(left);
    await sink.close();
    await drain();
    dropped.report();
    failed.report();
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
      if (closing !== undefined) return dropped.add(1);
      dropped.add(waiting.push(delivery).length);
      writing ??= Promise.resolve().then(writeAll); // never before push has returned
    },
    state(state) {
      // The newest state is told again after the next connect, so one that fails is only worth a count.
      if (closing === undefined) sink.state?.(state).catch((error: unknown) => failed.add(1, error));
    },
    drain,
    close() {
      closing ??= flushAndClose();
      return closing;
    },
  };
}

/** Counts losses and reports what came together, at most once in `REPORT_EVERY_MS`. */
function lossCounter(clock: Clock, say: (count: number, total: number, cause: unknown) => void) {
  let total = 0;
  let unsaid = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  let latest: unknown;

  function report(): void {
    if (unsaid === 0) return;
    say(unsaid, total, latest);
    unsaid = 0;
    saidAt = clock.now();
  }
  return {
    total: () => total,
    report,
    add(count: number, cause?: unknown): void {
      total += count;
      unsaid += count;
      latest = cause;
      if (clock.now() - saidAt >= REPORT_EVERY_MS) report();
    },
  };
}

function factsOf(cause: unknown): Record<string, unknown> {
  const { message } = asError(cause);
  return cause instanceof FalconetError ? { code: cause.code, hint: cause.hint, message } : { message };
}
