const BINS = 2048;
/** Of the first bins; a power of two, so that doubling stays exact. */
const FIRST_WIDTH = 2 ** -10;
/** Clipping more than four fifths has never been the best. */
const LEAST_SHARE = 0.2;

/** How often values above 0 occur; its bins grow with the greatest. */
export class Histogram {
  #counts = new Float64Array(BINS);
  #width = FIRST_WIDTH;
  #greatest = 0;

  /** Values of 0 and less are left out: a byte holds them exactly. */
  add(values: Float32Array): void {
    let greatest = this.#greatest;
    for (const value of values) if (value > greatest) greatest = value;
    this.#greatest = greatest;
    while (greatest >= this.#width * BINS) this.#widen();
    const counts = this.#counts;
    const perUnit = 1 / this.#width;
    for (const value of values) {
      if (value <= 0) continue;
      const bin = Math.floor(value * perUnit);
      counts[bin] = (counts[bin] as number) + 1;
    }
  }

  /**
   * The step that leaves the least sum of squared errors when values become a whole number of steps, `most` at
   * most: clipping a few of the greatest buys finer steps for all the others.
   */
  bestStep(most: number): number {
    let best = this.#greatest / most || 1;
    let least = this.#error(best, most);
    for (let share = 0.99; share >= LEAST_SHARE; share -= 0.01) {
      const step = (this.#greatest * share) / most || 1;
      const error = this.#error(step, most);
      if (error < least) [best, least] = [step, error];
    }
    return best;
  }

  /** Rounding errors count as spread evenly over a step: a twelfth of its square. */
  #error(step: number, most: number): number {
    const rounding = step ** 2 / 12;
    let error = 0;
    for (const [bin, count] of this.#counts.entries()) {
      const over = (bin + 0.5) * this.#width - step * most;
      error += count * (over > 0 ? over ** 2 : rounding);
    }
    return error;
  }

  /** Bins of twice the width. */
  #widen(): void {
    const wider = new Float64Array(BINS);
    for (const [bin, count] of this.#counts.entries()) {
      wider[bin >> 1] = (wider[bin >> 1] as number) + count;
    }
    this.#counts = wider;
    this.#width *= 2;
  }
}
