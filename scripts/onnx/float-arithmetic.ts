import type { Convolution } from '../../src/detector/convolutions.ts';
import { type Arithmetic, convolutionAttributes, type Features } from './arithmetic.ts';
import { FilledWeights, type WeightsSource } from './filled-weights.ts';
import type { OnnxFile } from './onnx-file.ts';

/** Float32, from weights that stay in their own file. Casts and zeros are computed once, at loading. */
export class FloatArithmetic implements Arithmetic {
  readonly #file: OnnxFile;
  readonly #weights: FilledWeights;

  constructor(file: OnnxFile, source: WeightsSource) {
    this.#file = file;
    this.#weights = new FilledWeights(file, source);
  }

  input(picture: string): string {
    return picture;
  }

  hidden(convolution: Convolution, input: Features, zeros: number): string {
    return this.#file.node(`${convolution.name}.relu`, 'Relu', [this.#convolve(convolution, input, zeros)]);
  }

  output(convolution: Convolution, input: Features): string {
    return this.#convolve(convolution, input, 0);
  }

  #convolve(convolution: Convolution, input: Features, zeros: number): string {
    const { name } = convolution;
    const weight = this.#weights.filters(`${name}.weight`, input, zeros);
    const bias = this.#weights.biases(`${name}.bias`, zeros);
    return this.#file.node(name, 'Conv', [input.name, weight, bias], convolutionAttributes(convolution));
  }
}
