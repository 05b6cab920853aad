import { type Clock, systemClock } from '../core/clock.ts';
import type { DropReason } from '../core/frame.ts';
import type { FrameTotals } from '../core/frame-totals.ts';
import type { Log } from '../core/log.ts';

export interface FrameMeterOptions {
  readonly camera: string;
  readonly log: Log;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default 1_000 */
  readonly everyMs?: number;
}

export interface FrameMeter {
  /** Since the meter was made. */
  readonly totals: FrameTotals;
  /** All drops since the meter was made. */
  readonly dropped: number;
  came(): void;
  looked(): void;
  /** @param count - @default 1 */
  drop(reason: DropReason, count?: number): void;
  /** Logs the drops that have not been logged yet, if any. */
  flush(): void;
}

type Drops = Partial<Record<DropReason, number>>;

/**
 * Counts a camera's frames, and logs the drops that came since the line before by their reason, at most once in
 * `everyMs`, with the first drop after that time. It has no timer: `flush` it at the end.
 */
export function frameMeter(options: FrameMeterOptions): FrameMeter {
  const { camera, log, clock = systemClock, everyMs = 1_000 } = options;
  const all: Drops = {};
  let unlogged: Drops = {};
  let came = 0;
  let looked = 0;
  let dropped = 0;
  let loggedAt = clock.now();

  const flush = (): void => {
    const line = { camera, drops: unlogged };
    loggedAt = clock.now();
    unlogged = {};
    if (Object.keys(line.drops).length > 0) log.debug(line, 'frames were not looked at');
  };
  return {
    get totals() {
      return { came, looked, dropped: { ...all } };
    },
    get dropped() {
      return dropped;
    },
    came() {
      came++;
    },
    looked() {
      looked++;
    },
    drop(reason, count = 1) {
      dropped += count;
      for (const drops of [all, unlogged]) drops[reason] = (drops[reason] ?? 0) + count;
      if (clock.now() - loggedAt >= everyMs) flush();
    },
    flush,
  };
}
