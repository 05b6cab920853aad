import { type Box, iou } from '../../../src/core/box.ts';
import { assign } from '../../../src/tracker/assign.ts';

/** One box and whose it is. */
export interface Seen {
  readonly id: number;
  readonly box: Box;
}

/** One frame: what was there, and what a tracker said. */
export interface Judged {
  readonly truth: readonly Seen[];
  readonly found: readonly Seen[];
}

/** A box of the truth, one that was found, and how much they overlap. */
export interface Pair {
  readonly truth: number;
  readonly found: number;
  readonly iou: number;
}

/** The IoU from which a box counts as found, in all measures but HOTA. */
export const SAME_BOX = 0.5;

/** All pairs of one frame that overlap at all. */
export function overlaps({ truth, found }: Judged): Pair[] {
  return truth.flatMap((a) =>
    found.flatMap((b) => {
      const overlap = iou(a.box, b.box);
      return overlap > 0 ? [{ truth: a.id, found: b.id, iou: overlap }] : [];
    }),
  );
}

/** Of some pairs those with the greatest sum of gains, each id once at most. */
export function bestPairs<P extends Pick<Pair, 'truth' | 'found'>>(
  pairs: readonly P[],
  gainOf: (pair: P) => number,
): P[] {
  const rows = numbered(pairs.map(({ truth }) => truth));
  const columns = numbered(pairs.map(({ found }) => found));
  const gain = new Float64Array(rows.size * columns.size);
  const cell = ({ truth, found }: P) => (rows.get(truth) ?? 0) * columns.size + (columns.get(found) ?? 0);
  for (const pair of pairs) gain[cell(pair)] = gainOf(pair);
  const chosen = assign(gain, rows.size, columns.size);
  return pairs.filter((pair) => chosen[rows.get(pair.truth) ?? 0] === columns.get(pair.found));
}

/** A sum for one pair of ids. */
export interface Tally {
  readonly truth: number;
  readonly found: number;
  readonly sum: number;
}

/** Sums by pair of ids. */
export function tally(entries: Iterable<Tally>): Tally[] {
  const sums = new Map<string, Tally>();
  for (const { truth, found, sum } of entries) {
    const key = `${truth} ${found}`;
    sums.set(key, { truth, found, sum: sum + (sums.get(key)?.sum ?? 0) });
  }
  return [...sums.values()];
}

function numbered(ids: readonly number[]): Map<number, number> {
  return new Map([...new Set(ids)].map((id, i) => [id, i]));
}
