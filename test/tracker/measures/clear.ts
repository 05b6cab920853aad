import { bestPairs, type Judged, overlaps, SAME_BOX } from './judged.ts';

export interface Clear {
  /** 1 where all is right; has no lower limit. */
  readonly mota: number;
  readonly switches: number;
  readonly misses: number;
  readonly falseBoxes: number;
}

/**
 * CLEAR MOT (Bernardin and Stiefelhagen 2008, "Evaluating multiple object tracking performance"): one minus misses,
 * false boxes and changes of identity per box of the truth. Pairs of the frame before are kept while they overlap
 * by half. NaN without truth.
 */
export function clear(frames: readonly Judged[]): Clear {
  let truths = 0;
  const total = { switches: 0, misses: 0, falseBoxes: 0 };
  const lastFound = new Map<number, number>();
  let before = new Map<number, number>();
  for (const frame of frames) {
    const kept = before;
    const pairs = bestPairs(
      overlaps(frame).filter(({ iou }) => iou >= SAME_BOX),
      (pair) => (kept.get(pair.truth) === pair.found ? 1000 : 0) + pair.iou,
    );
    truths += frame.truth.length;
    total.misses += frame.truth.length - pairs.length;
    total.falseBoxes += frame.found.length - pairs.length;
    for (const { truth, found } of pairs) {
      if ((lastFound.get(truth) ?? found) !== found) total.switches++;
      lastFound.set(truth, found);
    }
    before = new Map(pairs.map(({ truth, found }) => [truth, found]));
  }
  return { mota: 1 - (total.misses + total.falseBoxes + total.switches) / truths, ...total };
}
