import { type Convolution, convolutions, countNetwork } from '../../src/detector/convolutions.ts';
import type { Layer, Network } from '../../src/detector/network.ts';
import type { Arithmetic, Features } from './arithmetic.ts';
import { FLOAT32, OnnxFile, type Port } from './onnx-file.ts';

export interface OnnxGraphOptions {
  /** In which numbers the network computes, and where they come from. */
  readonly arithmetic: (file: OnnxFile) => Arithmetic;
  /** Channels of all hidden layers are filled up with zeros to a multiple of this; 1 leaves them as they are. */
  readonly channelStep: number;
  /** Nodes whose values are given out as well. @default none */
  readonly watched?: readonly Port[];
}

/**
 * An ONNX model of `network`.
 *
 * Inputs: `frame` uint8 `[height, width, 3]`, RGB; `square` int64 `[4]`, y0, x0, y1, x1 in pixels. The square
 * is cut out and stretched by plain bilinear interpolation at half-pixel centres, without antialias.
 * Outputs: `offsets` float32 `[priors, 4]`; `logits` float32 `[priors, classes + 1]`; order head, row, column,
 * prior.
 *
 * Onnxruntime lays channels in blocks of 8 or 16, as wide as the CPU's vectors, and rearranges what does not
 * fill them before each concatenation; zeros spare that and do not change the result. Its WebAssembly build
 * has no such blocks and only multiplies the zeros.
 */
export function onnxGraph(network: Network, options: OnnxGraphOptions): Uint8Array {
  return new GraphBuilder(network, options).build();
}

class GraphBuilder {
  readonly #file = new OnnxFile();
  readonly #network: Network;
  readonly #arithmetic: Arithmetic;
  readonly #step: number;
  readonly #watched: readonly Port[];
  readonly #convolutions: ReadonlyMap<string, Convolution>;

  constructor(network: Network, { arithmetic, channelStep, watched = [] }: OnnxGraphOptions) {
    this.#network = network;
    this.#arithmetic = arithmetic(this.#file);
    this.#step = channelStep;
    this.#watched = watched;
    this.#convolutions = new Map(convolutions(network).map((one) => [one.name, one]));
  }

  build(): Uint8Array {
    const { layers, heads, classes, inputSize } = this.#network;
    const outputs = new Map<string, Features>();
    let features = this.#input(inputSize);
    for (const layer of layers) {
      features = this.#layer(layer, features);
      outputs.set(layer.name, features);
    }
    for (const [output, kind, values] of [
      ['offsets', 'loc', 4],
      ['logits', 'conf', classes + 1],
    ] as const) {
      const rows = heads.map((head) =>
        this.#rows(`${head.name}.${kind}`, outputs.get(head.layer) as Features, values),
      );
      this.#file.node(output, 'Concat', rows, { axis: 0 });
    }
    const { priors } = countNetwork(this.#network);
    return this.#file.bytes(
      'single-shot-detector',
      [
        { name: 'frame', type: 'uint8', shape: ['height', 'width', 3] },
        { name: 'square', type: 'int64', shape: [4] },
      ],
      [
        { name: 'offsets', type: 'float32', shape: [priors, 4] },
        { name: 'logits', type: 'float32', shape: [priors, classes + 1] },
        ...this.#watched,
      ],
    );
  }

  #input(size: number): Features {
    const file = this.#file;
    const [zero, two, four] = [0, 2, 4].map((n) => file.integers(`at${n}`, [n])) as [string, string, string];
    const starts = file.node('square.starts', 'Slice', ['square', zero, two]);
    const ends = file.node('square.ends', 'Slice', ['square', two, four]);
    const axes = file.integers('rows-and-columns', [0, 1]);
    const cut = file.node('input.cut', 'Slice', ['frame', starts, ends, axes]);
    const batch = file.node('input.batch', 'Unsqueeze', [cut, zero]);
    // Plane by plane is the fastest order that was measured; stretching bytes is no faster, and rounds.
    const planes = file.node('input.planes', 'Transpose', [batch], { perm: [0, 3, 1, 2] });
    const floats = file.node('input.floats', 'Cast', [planes], { to: FLOAT32 });
    const sides = file.integers('input.sides', [1, 3, size, size]);
    const plain = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
    const picture = file.node('input', 'Resize', [floats, '', '', sides], plain);
    return { name: this.#arithmetic.input(picture), runs: [{ real: 3, zeros: 0 }], from: 'input' };
  }

  #layer(layer: Layer, input: Features): Features {
    switch (layer.kind) {
      case 'conv':
        return this.#hidden(layer.name, input);
      case 'maxpool': {
        const { kernel, stride } = layer;
        const shape = { kernel_shape: [kernel, kernel], strides: [stride, stride], ceil_mode: 1 };
        return { ...input, name: this.#file.node(layer.name, 'MaxPool', [input.name], shape) };
      }
      case 'fire': {
        const squeezed = this.#hidden(`${layer.name}.squeeze1x1`, input);
        const parts = [`${layer.name}.expand1x1`, `${layer.name}.expand3x3`].map((name) =>
          this.#hidden(name, squeezed),
        );
        const names = parts.map(({ name }) => name);
        return {
          name: this.#file.node(layer.name, 'Concat', names, { axis: 1 }),
          runs: parts.flatMap(({ runs }) => runs),
          from: `${layer.name}.expand1x1`,
        };
      }
    }
  }

  /** Convolution and ReLU, its channels filled up. */
  #hidden(name: string, input: Features): Features {
    const convolution = this.#convolution(name);
    const { filters } = convolution;
    const zeros = (this.#step - (filters % this.#step)) % this.#step;
    return {
      name: this.#arithmetic.hidden(convolution, input, zeros),
      runs: [{ real: filters, zeros }],
      from: name,
    };
  }

  /** A head's convolution as `[rows, values]`. */
  #rows(name: string, input: Features, values: number): string {
    const convolved = this.#arithmetic.output(this.#convolution(name), input);
    const last = this.#file.node(`${name}.last`, 'Transpose', [convolved], { perm: [0, 2, 3, 1] });
    const shape = this.#file.integers(`rows-of-${values}`, [-1, values]);
    return this.#file.node(`${name}.rows`, 'Reshape', [last, shape]);
  }

  #convolution(name: string): Convolution {
    return this.#convolutions.get(name) as Convolution;
  }
}
