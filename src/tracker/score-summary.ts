/** The scores of one life in constant memory: a histogram, so that a car parked for a week costs nothing. */
export interface ScoreSummary {
  readonly current: number;
  readonly best: number;
  readonly count: number;
  /** Seen scores per bin; bin `i` stands for `i / BINS`. */
  readonly bins: readonly number[];
}

/** Bins per unit of score; a median is exact to half a bin, 0.0025. */
const BINS = 200;

export function firstScore(score: number): ScoreSummary {
  return addScore({ current: 0, best: 0, count: 0, bins: new Array<number>(BINS + 1).fill(0) }, score);
}

/** The summary with one more score in 0..1; the old one stays as it is. */
export function addScore(summary: ScoreSummary, score: number): ScoreSummary {
  const bins = summary.bins.slice();
  const bin = Math.round(score * BINS);
  bins[bin] = (bins[bin] ?? 0) + 1;
  return { current: score, best: Math.max(summary.best, score), count: summary.count + 1, bins };
}

/** Lower median over the whole life, to the nearest 0.005. */
export function medianScore({ bins, count }: ScoreSummary): number {
  let below = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    below += bins[bin] as number;
    if (below * 2 >= count) return bin / BINS;
  }
  throw new TypeError('expected a summary of at least one score, got none');
}
