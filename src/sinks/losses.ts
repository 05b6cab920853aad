import type { Clock } from '../core/clock.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';

/** How many of each type of event. */
export type Losses = Partial<Record<FalconetEvent['type'], number>>;

/** Counts what was lost. */
export interface LossCounter {
  /** Deliveries, all in all. */
  total(): number;
  add(lost: readonly Delivery[], cause?: unknown): void;
  /** Says what is unsaid. */
  report(): void;
}

const REPORT_EVERY_MS = 1000;

/** @param say - told what came together, at most once a second, with the newest cause. */
export function lossCounter(
  clock: Clock,
  say: (lost: Losses, total: number, cause: unknown) => void,
): LossCounter {
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
    add(lost, cause) {
      if (lost.length === 0) return;
      for (const { event } of lost) unsaid[event.type] = (unsaid[event.type] ?? 0) + 1;
      total += lost.length;
      latest = cause;
      if (clock.now() - saidAt >= REPORT_EVERY_MS) report();
    },
  };
}
