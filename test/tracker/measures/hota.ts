import { bestPairs, type Judged, overlaps, type Pair, type Tally, tally } from './judged.ts';

/** Demands on overlap: 0.05, 0.10 … 0.95. */
const ALPHAS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Boxes in the union of what one object and one track cover, given those that they share. */
type Union = (pair: Tally) => number;

/**
 * Higher order tracking accuracy (Luiten et al. 2021, arXiv 2009.07736, section 5): the geometric mean of how well
 * boxes are found and how well they are kept together, averaged over 19 demands on overlap. NaN without boxes.
 */
export function hota(frames: readonly Judged[]): number {
  const truthBoxes = countIds(frames.flatMap(({ truth }) => truth));
  const foundBoxes = countIds(frames.flatMap(({ found }) => found));
  const union: Union = ({ truth, found, sum }) =>
    (truthBoxes.get(truth) ?? 0) + (foundBoxes.get(found) ?? 0) - sum;

  const matches = matchFrames(frames, union);
  const boxes = frames.reduce((sum, { truth, found }) => sum + truth.length + found.length, 0);
  const at = (alpha: number): number => {
    const kept = matches.filter(({ iou }) => iou >= alpha - Number.EPSILON);
    const together = tally(kept.map((pair) => ({ ...pair, sum: 1 })));
    const associated = together.reduce((total, pair) => total + pair.sum ** 2 / union(pair), 0);
    return Math.sqrt((kept.length / (boxes - kept.length)) * (associated / Math.max(1, kept.length)));
  };
  return ALPHAS.reduce((sum, alpha) => sum + at(alpha), 0) / ALPHAS.length;
}

/** Pairs of each frame, preferring identities that agree over the whole sequence (section 5.3). */
function matchFrames(frames: readonly Judged[], union: Union): Pair[] {
  const pairsOf = frames.map(overlaps);
  const likely = tally(pairsOf.flatMap(shares));
  const alignment = new Map(likely.map((pair) => [keyOf(pair), pair.sum / union(pair)]));
  return pairsOf.flatMap((pairs) => bestPairs(pairs, (pair) => (alignment.get(keyOf(pair)) ?? 0) * pair.iou));
}

/** Each pair's share of all that overlaps one of both, in one frame. */
function shares(pairs: readonly Pair[]): Tally[] {
  const sumOf = (side: 'truth' | 'found', id: number) =>
    pairs.reduce((sum, pair) => sum + (pair[side] === id ? pair.iou : 0), 0);
  return pairs.map(({ truth, found, iou }) => {
    return { truth, found, sum: iou / (sumOf('truth', truth) + sumOf('found', found) - iou) };
  });
}

function keyOf({ truth, found }: Pick<Pair, 'truth' | 'found'>): string {
  return `${truth} ${found}`;
}

function countIds(boxes: readonly { readonly id: number }[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { id } of boxes) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
