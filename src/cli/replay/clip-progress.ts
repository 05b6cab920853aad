import type { Progress } from '../progress.ts';

const EVERY_MS = 200;

/** How far a replay has come, and how much faster than the clip itself. */
export interface ClipProgress {
  /** @param pts - of the newest frame, ms since the first one. */
  at(pts: number): void;
  end(): void;
}

export function clipProgress(progress: Progress): ClipProgress {
  const began = performance.now();
  let shownAt = began;
  return {
    at(pts) {
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      const times = pts / (now - began);
      progress.at(`${(pts / 1_000).toFixed(1)} s of the clip, ${times.toFixed(1)} times real time`);
    },
    end: () => progress.end(),
  };
}
