import type { ByteStep } from './byte-steps.ts';
import { Histogram } from './histogram.ts';

/** Sees values of one feature map and says what its bytes should stand for. */
export interface Range {
  /** Of one picture, `[channels, size, size]`. */
  add(values: Float32Array): void;
  step(): ByteStep;
}

const MOST = 255;
/** A score that far below background adds less than 0.00005 to a softmax; what is lower need not be told apart. */
const LEAST_SCORE = -10;
/** A softmax of 0.98 against background alone: room that a head may need though no photograph showed it. */
const SURE_SCORE = 4;

/** Values behind a ReLU: from 0 on, with a few great ones that are clipped. */
export class HiddenRange implements Range {
  readonly #histogram = new Histogram();

  add(values: Float32Array): void {
    this.#histogram.add(values);
  }

  step(): ByteStep {
    return { step: Math.fround(this.#histogram.bestStep(MOST)), zero: 0 };
  }
}

/** Offsets of boxes: from the least to the greatest. */
export class OffsetRange implements Range {
  #least = 0;
  #greatest = 0;

  add(values: Float32Array): void {
    for (const value of values) {
      if (value < this.#least) this.#least = value;
      if (value > this.#greatest) this.#greatest = value;
    }
  }

  step(): ByteStep {
    return between(this.#least, this.#greatest);
  }
}

/** Scores less their prior's background: from -10 to the greatest, 4 at least. */
export class ScoreRange implements Range {
  readonly #values: number;
  readonly #cells: number;
  #greatest = SURE_SCORE;

  /**
   * @param values - scores of a prior, background first.
   * @param cells - of the feature map, size by size.
   */
  constructor(values: number, cells: number) {
    this.#values = values;
    this.#cells = cells;
  }

  add(scores: Float32Array): void {
    const cells = this.#cells;
    for (const [index, score] of scores.entries()) {
      const channel = Math.floor(index / cells);
      const background = (channel - (channel % this.#values)) * cells + (index % cells);
      const lead = score - (scores[background] as number);
      if (lead > this.#greatest) this.#greatest = lead;
    }
  }

  step(): ByteStep {
    return between(LEAST_SCORE, this.#greatest);
  }
}

/** Zero is a whole number of steps from both ends, so that it is exact. */
function between(least: number, greatest: number): ByteStep {
  const step = Math.fround((greatest - least) / MOST) || 1;
  return { step, zero: Math.round(-least / step) };
}
