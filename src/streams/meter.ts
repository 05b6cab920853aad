import { type Clock, systemClock } from '../core/clock.ts';
import type { DropReason } from '../core/frame.ts';
import type { Log } from '../core/log.ts';

export interface DropMeterOptions {
  readonly camera: string;
  readonly log: Log;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default 1_000 */
  readonly everyMs?: number;
}

export interface DropMeter {
  /** Drops since the meter was made. */
  readonly total: number;
  /** @param count - @default 1 */
  count(reason: DropReason, count?: number): void;
  /** Logs what has not been logged yet, if anything. */
  flush(): void;
}

/**
 * Counts a camera's drops by reason and logs what came since the line before, at most once in `everyMs`, with the
 * first drop after that time. It has no timer: `flush` it at the end.
 */
export function dropMeter(options: DropMeterOptions): DropMeter {
  const { camera, log, clock = systemClock, everyMs = 1_000 } = options;
  let drops: Partial<Record<DropReason, number>> = {};
  let total = 0;
  let loggedAt = clock.now();

  const flush = (): void => {
    const line = { camera, drops };
    loggedAt = clock.now();
    drops = {};
    if (Object.keys(line.drops).length > 0) log.debug(line, 'frames were not looked at');
  };
  return {
    get total() {
      return total;
    },
    count(reason, count = 1) {
      total += count;
      drops[reason] = (drops[reason] ?? 0) + count;
      if (clock.now() - loggedAt >= everyMs) flush();
    },
    flush,
  };
}
