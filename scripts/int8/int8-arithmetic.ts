import type { Convolution } from '../../src/detector/convolutions.ts';
import { type Arithmetic, channelOrder, convolutionAttributes, type Features } from '../onnx/arithmetic.ts';
import type { OnnxFile } from '../onnx/onnx-file.ts';
import type { ByteSteps } from './byte-steps.ts';
import { type FloatConvolution, toInt8 } from './whole-numbers.ts';

export interface Int8Source {
  readonly convolution: (name: string) => FloatConvolution;
  readonly features: ByteSteps['features'];
}

/**
 * Unsigned bytes times signed bytes, summed in 32 bits (ONNX QLinearConv): the pair that the dot-product
 * instructions of x86 and ARM take. The weights are in the graph's own file.
 */
export class Int8Arithmetic implements Arithmetic {
  readonly #file: OnnxFile;
  readonly #source: Int8Source;

  constructor(file: OnnxFile, source: Int8Source) {
    this.#file = file;
    this.#source = source;
  }

  input(picture: string): string {
    return this.#file.node('input.bytes', 'QuantizeLinear', [picture, ...this.#scale('input')]);
  }

  /** Without a node for the ReLU: see {@link ByteSteps.features}. */
  hidden(convolution: Convolution, input: Features, zeros: number): string {
    return this.#convolve(convolution, input, zeros);
  }

  output(convolution: Convolution, input: Features): string {
    const bytes = this.#convolve(convolution, input, 0);
    return this.#file.node(`${bytes}.floats`, 'DequantizeLinear', [bytes, ...this.#scale(bytes)]);
  }

  #convolve(convolution: Convolution, input: Features, zeros: number): string {
    const { name, kernel } = convolution;
    const file = this.#file;
    const real = toInt8(this.#source.convolution(name), this.#step(input.from).step);
    const order = channelOrder(input.runs);
    const filters = convolution.filters + zeros;
    const weights = new Int8Array(filters * order.length * kernel ** 2);
    spread(real.weights, weights, convolution, order);
    const scales = new Float32Array(filters).fill(1);
    scales.set(real.scales);
    const biases = new Int32Array(filters);
    biases.set(real.biases);
    return file.node(
      name,
      'QLinearConv',
      [
        input.name,
        ...this.#scale(input.from),
        file.constant(`${name}.weight`, 'int8', [filters, order.length, kernel, kernel], weights),
        file.constant(`${name}.scales`, 'float32', [filters], scales),
        file.constant(`${name}.zeros`, 'int8', [filters], new Int8Array(filters)),
        ...this.#scale(name),
        file.constant(`${name}.bias`, 'int32', [filters], biases),
      ],
      convolutionAttributes(convolution),
    );
  }

  /** The two constants that ONNX reads bytes with. */
  #scale(from: string): [scale: string, zeroPoint: string] {
    const { step, zero } = this.#step(from);
    return [
      this.#file.constant(`${from}.step`, 'float32', [], Float32Array.of(step)),
      this.#file.constant(`${from}.zero`, 'uint8', [], Uint8Array.of(zero)),
    ];
  }

  #step(from: string) {
    const step = this.#source.features[from];
    if (step === undefined) throw new Error(`expected a step for ${from}, got none`);
    return step;
  }
}

/** Puts each filter's channels where they stand in filled-up features; the rest of `filled` stays 0. */
function spread(
  weights: Int8Array,
  filled: Int8Array,
  { filters, inputs, kernel }: Convolution,
  order: readonly number[],
): void {
  const area = kernel ** 2;
  for (let filter = 0; filter < filters; filter++) {
    for (const [place, channel] of order.entries()) {
      if (channel >= inputs) continue;
      const start = (filter * inputs + channel) * area;
      filled.set(weights.subarray(start, start + area), (filter * order.length + place) * area);
    }
  }
}
