import type { TensorPlace } from '../../src/detector/safetensors.ts';
import { channelOrder, type Features } from './arithmetic.ts';
import { FLOAT32, type OnnxFile } from './onnx-file.ts';

export interface WeightsSource {
  /** Name of the weights' file, as seen from the model's folder. */
  readonly weightsFile: string;
  /** Where each `NAME.weight` and `NAME.bias` lies in it. */
  readonly places: ReadonlyMap<string, TensorPlace>;
}

/** Adds the weights of convolutions to a file, with the zeros that filled-up channels need. */
export class FilledWeights {
  readonly #file: OnnxFile;
  readonly #source: WeightsSource;

  constructor(file: OnnxFile, source: WeightsSource) {
    this.#file = file;
    this.#source = source;
  }

  /** Weights with `zeros` more filters, whose input channels follow the runs of `input`. */
  filters(name: string, { name: of, runs }: Features, zeros: number): string {
    const weight = this.#stored(name);
    const last = runs.at(-1)?.zeros ?? 0;
    const isInOrder = runs.slice(0, -1).every((run) => run.zeros === 0);
    if (isInOrder) return this.#fill(name, weight, [zeros, last, 0, 0]);
    // One channel of zeros behind the real ones, which the order then repeats.
    const filled = this.#fill(name, weight, [zeros, 1, 0, 0]);
    const order = this.#file.integers(`${of}.order`, channelOrder(runs));
    return this.#file.node(`${name}.spread`, 'Gather', [filled, order], { axis: 1 });
  }

  /** Biases, and `zeros` more. */
  biases(name: string, zeros: number): string {
    return this.#fill(name, this.#stored(name), [zeros]);
  }

  /** A constant from the weights' file, as float32. */
  #stored(name: string): string {
    const place = this.#source.places.get(name);
    if (place === undefined) throw new Error(`expected weights named ${name}, got none`);
    const stored = this.#file.external(name, this.#source.weightsFile, place);
    return this.#file.node(`${name}.floats`, 'Cast', [stored], { to: FLOAT32 });
  }

  /** `value` with that many zeros behind each axis. */
  #fill(name: string, value: string, zeros: readonly number[]): string {
    if (zeros.every((count) => count === 0)) return value;
    const sides = this.#file.integers(`${name}.sides`, [...zeros.map(() => 0), ...zeros]);
    return this.#file.node(`${name}.filled`, 'Pad', [value, sides]);
  }
}
