/** A convolution in real numbers. */
export interface FloatConvolution {
  /** `[filters, inputs, kernel, kernel]`. */
  readonly weights: Float32Array;
  /** `[filters]`. */
  readonly biases: Float32Array;
}

/** A convolution in whole numbers. */
export interface Int8Convolution {
  /** `[filters, inputs, kernel, kernel]`, -127..127. */
  readonly weights: Int8Array;
  /** Of each filter: what a weight of 1 stands for. */
  readonly scales: Float32Array;
  /** Of each filter, in units of the input's step times the filter's scale. */
  readonly biases: Int32Array;
}

/** Symmetric, so that no sum needs a correction for what zero stands for. */
const MOST = 127;

/** Each filter's greatest weight becomes 127 or -127. `inputStep` is what a step of the input's bytes stands for. */
export function toInt8({ weights, biases }: FloatConvolution, inputStep: number): Int8Convolution {
  const filters = biases.length;
  const length = weights.length / filters;
  const scales = new Float32Array(filters);
  const whole = new Int8Array(weights.length);
  const wholeBiases = new Int32Array(filters);
  for (const [filter, bias] of biases.entries()) {
    const start = filter * length;
    const own = weights.subarray(start, start + length);
    scales[filter] = greatest(own) / MOST || 1; // a filter of zeros fits any scale
    const scale = scales[filter] as number; // as rounded to 32 bits
    for (const [index, weight] of own.entries()) whole[start + index] = Math.round(weight / scale);
    wholeBiases[filter] = Math.round(bias / (scale * inputStep));
  }
  return { weights: whole, scales, biases: wholeBiases };
}

/**
 * A convolution of class scores with each class's filter less its prior's background: the softmax is the same,
 * and a score of 0 is exactly as likely as background, so that bytes can be spent on what lies near it.
 *
 * @param values - scores of a prior, background first.
 */
export function lessBackground({ weights, biases }: FloatConvolution, values: number): FloatConvolution {
  const length = weights.length / biases.length;
  const background = (filter: number) => filter - (filter % values);
  return {
    biases: biases.map((bias, filter) => bias - (biases[background(filter)] as number)),
    weights: weights.map((weight, index) => {
      const filter = Math.floor(index / length);
      return weight - (weights[background(filter) * length + (index % length)] as number);
    }),
  };
}

function greatest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
