import type { Took } from '../core/dashboard.ts';

/** How long something took, lately. */
export interface RecentTimes {
  /**
   * @param ms - what it took
   * @param at - when that was over, ms since the epoch
   */
  note(ms: number, at: number): void;
  /** Of what is no older than the window by `now`; undefined where there is none. */
  at(now: number): Took | undefined;
}

export interface RecentTimesOptions {
  /** How old is still recent, ms. @default 60_000 */
  readonly windowMs?: number;
  /** Most that is remembered. @default 300, a minute of five a second */
  readonly most?: number;
}

/** Noting is two numbers into a ring; whoever asks pays for the sorting. */
export function recentTimes(options: RecentTimesOptions = {}): RecentTimes {
  const { windowMs = 60_000, most = 300 } = options;
  const took = new Float64Array(most);
  const ends = new Float64Array(most).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    note(ms, at) {
      took[next] = ms;
      ends[next] = at;
      next = (next + 1) % most;
    },
    at(now) {
      const recent = took.filter((_, i) => (ends[i] ?? 0) > now - windowMs).sort();
      if (recent.length === 0) return undefined;
      const share = (part: number): number => recent[Math.ceil(recent.length * part) - 1] ?? 0;
      return { medianMs: share(0.5), p95Ms: share(0.95) };
    },
  };
}
