/** What a row of figures comes to. */
export interface Summary {
  readonly median: number;
  /** Of the median, at 95 % where there are six figures or more; from least to most where there are fewer. */
  readonly interval: readonly [low: number, high: number];
  readonly figures: readonly number[];
}

export function summarise(figures: readonly number[]): Summary {
  return { median: median(figures), interval: medianInterval(figures), figures };
}

/** The median with its interval in brackets, to so many digits behind the point. */
export function showSummary({ median, interval: [low, high] }: Summary, digits: number): string {
  return `${median.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

/** Half way between the middle two of an even number. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((x, y) => x - y);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

/**
 * Where the median lies whatever the distribution: between the k-th least and the k-th greatest figure, with
 * the largest k whose chance, 1 - 2 * sum of C(n, i) / 2^n over i < k, is at least `confidence` (the sign
 * test turned round; Conover, Practical Nonparametric Statistics, section 3.2). Too few figures: k = 1.
 */
export function medianInterval(figures: readonly number[], confidence = 0.95): [low: number, high: number] {
  const sorted = figures.toSorted((x, y) => x - y);
  const n = sorted.length;
  let k = 1;
  let ways = 1 + n; // C(n, 0) + C(n, 1)
  let term = n;
  while (1 - (2 * ways) / 2 ** n >= confidence) {
    k++;
    term = (term * (n - k + 1)) / k;
    ways += term;
  }
  return [sorted[k - 1] ?? Number.NaN, sorted[n - k] ?? Number.NaN];
}
