import { type Progress, progressOn } from '../progress.ts';

const EVERY_MS = 200;

/** How far a replay has come, and how much faster than the clip itself. */
export interface ClipProgress extends Pick<Progress, 'end'> {
  /** @param pts - of the newest frame, ms since the first one. */
  at(pts: number): void;
  /** Leaves a line with what was done. */
  close(): void;
}

/** On a terminal; silent elsewhere. */
export function clipProgress(out: NodeJS.WriteStream): ClipProgress {
  const progress = progressOn(out);
  const began = performance.now();
  let shownAt = began;
  let newest = 0;
  let looks = 0;
  const text = (now: number): string => {
    const times = newest / (now - began);
    return `${(newest / 1_000).toFixed(1)} s of the clip, ${looks} looks, ${times.toFixed(1)} times real time`;
  };
  return {
    at(pts) {
      newest = pts;
      looks++;
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      progress.at(text(now));
    },
    end: () => progress.end(),
    close() {
      progress.end();
      if (out.isTTY) out.write(`${text(performance.now())}\n`);
    },
  };
}
