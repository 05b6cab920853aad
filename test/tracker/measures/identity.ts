import { bestPairs, type Judged, overlaps, SAME_BOX, tally } from './judged.ts';

/**
 * IDF1 (Ristani et al. 2016, arXiv 1609.01775, section 2.3): the share of boxes that carry the right name, when each
 * object may have one name over the whole sequence, and the names are given as well as can be. NaN without boxes.
 */
export function idf1(frames: readonly Judged[]): number {
  const boxes = frames.reduce((sum, { truth, found }) => sum + truth.length + found.length, 0);
  const matches = frames.flatMap(overlaps).filter(({ iou }) => iou >= SAME_BOX);
  const together = tally(matches.map((pair) => ({ ...pair, sum: 1 })));
  // Among all one-to-one namings, the fewest wrong boxes are those with the most right ones.
  const right = bestPairs(together, ({ sum }) => sum);
  return (2 * right.reduce((total, { sum }) => total + sum, 0)) / boxes;
}
