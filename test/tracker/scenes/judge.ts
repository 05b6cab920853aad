import { initialTracker, type TrackerOptions, trackerStep } from '../../../src/tracker/tracker.ts';
import { clear } from '../measures/clear.ts';
import { hota } from '../measures/hota.ts';
import { idf1 } from '../measures/identity.ts';
import type { Seen } from '../measures/judged.ts';
import type { SceneFrame } from './scene.ts';

/** Per frame what a tracker is sure of and sees. */
export type SceneTracker = (frames: readonly SceneFrame[]) => readonly (readonly Seen[])[];

/** How a tracker did in one or several scenes; switches are counted, the rest is a mean. */
export interface Judgement {
  readonly mota: number;
  readonly idf1: number;
  readonly hota: number;
  readonly switches: number;
}

/** @param options - @default those of the daemon */
export function trackerWith(options?: TrackerOptions): SceneTracker {
  return (frames) => {
    let state = initialTracker();
    return frames.map(({ at, detections }) => {
      const [next, tracks] = trackerStep(state, detections, at, options);
      state = next;
      return tracks
        .filter(({ confirmed, lastSeen }) => confirmed && lastSeen === at)
        .map(({ id, box }) => ({ id, box }));
    });
  };
}

export const ourTracker = trackerWith();

export function judge(frames: readonly SceneFrame[], found: readonly (readonly Seen[])[]): Judgement {
  const judged = frames.map(({ truth }, i) => ({ truth, found: found[i] ?? [] }));
  const { mota, switches } = clear(judged);
  return { mota, idf1: idf1(judged), hota: hota(judged), switches };
}

export function meanOf(judgements: readonly Judgement[]): Judgement {
  const mean = (of: (judgement: Judgement) => number) =>
    judgements.reduce((sum, judgement) => sum + of(judgement), 0) / judgements.length;
  return {
    mota: mean((j) => j.mota),
    idf1: mean((j) => j.idf1),
    hota: mean((j) => j.hota),
    switches: judgements.reduce((sum, j) => sum + j.switches, 0),
  };
}
