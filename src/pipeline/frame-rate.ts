/** How often frames are looked at, lately. */
export interface FrameRate {
  /** @param time - when the frame came, ms since the epoch. */
  looked(time: number): void;
  /** Frames a second over the ten seconds before `now`, to a tenth; 0 of fewer than two. */
  at(now: number): number;
}

const WINDOW_MS = 10_000;

export function frameRate(): FrameRate {
  let times: readonly number[] = [];
  return {
    looked(time) {
      times = [...times.filter((before) => before > time - WINDOW_MS), time];
    },
    at(now) {
      const recent = times.filter((time) => time > now - WINDOW_MS);
      const first = recent[0];
      const last = recent.at(-1);
      if (first === undefined || last === undefined || last === first) return 0;
      return Math.round(((recent.length - 1) / (last - first)) * 10_000) / 10;
    },
  };
}
