import type * as tfjs from '@tensorflow/tfjs-core';
import { FalconetError } from '../core/error.ts';
import { type Convolution, convolutions } from './convolutions.ts';
import type { Engine, RawOutput } from './engines/engine.ts';
import type { Layer, MaxPoolLayer, Network } from './network.ts';
import { readFloats, readSafetensors } from './safetensors.ts';

/** The part of TensorFlow.js that the graph needs, of whichever package has registered a backend. */
export type TfOps = Pick<
  typeof tfjs,
  | 'cast'
  | 'concat'
  | 'fused'
  | 'image'
  | 'maxPool'
  | 'pad'
  | 'reshape'
  | 'slice'
  | 'tensor'
  | 'tensor3d'
  | 'tidy'
  | 'transpose'
>;

interface Filter {
  readonly convolution: Convolution;
  /** `[height, width, in, out]`. */
  readonly weight: tfjs.Tensor4D;
  readonly bias: tfjs.Tensor;
}

/**
 * A function that runs `network` on TensorFlow.js: it cuts a square out of RGB24 pixels, stretches it by plain
 * bilinear interpolation at half-pixel centres, and gives the same rows as the ONNX graph.
 *
 * @param weights - the bytes of the model's safetensors file.
 * @throws MODEL_INVALID when the weights do not fit the network.
 */
export function tfjsGraph(tf: TfOps, network: Network, weights: Uint8Array): Engine['run'] {
  const filters = loadFilters(tf, network, weights);
  const graph = new TfjsGraph(tf, network, filters);
  return async (pixels, width, height, { x, y, width: across, height: down }) => {
    const [offsets, logits] = tf.tidy(() => {
      const frame = tf.tensor3d(pixels.subarray(0, width * height * 3), [height, width, 3], 'int32');
      return graph.run(tf.slice(frame, [y, x, 0], [down, across, 3]));
    });
    try {
      const [offsetRows, logitRows] = await Promise.all([offsets.data(), logits.data()]);
      return { offsets: offsetRows, logits: logitRows } as RawOutput;
    } finally {
      offsets.dispose();
      logits.dispose();
    }
  };
}

class TfjsGraph {
  readonly #tf: TfOps;
  readonly #network: Network;
  readonly #filters: ReadonlyMap<string, Filter>;

  constructor(tf: TfOps, network: Network, filters: ReadonlyMap<string, Filter>) {
    this.#tf = tf;
    this.#network = network;
    this.#filters = filters;
  }

  /** Offsets and logits of a cut-out `[height, width, 3]`. */
  run(cut: tfjs.Tensor3D): [tfjs.Tensor, tfjs.Tensor] {
    const { inputSize, layers, heads, classes } = this.#network;
    const batch = this.#tf.reshape<tfjs.Rank.R4>(this.#tf.cast(cut, 'float32'), [1, ...cut.shape]);
    let features: tfjs.Tensor4D = this.#tf.image.resizeBilinear(batch, [inputSize, inputSize], false, true);
    const outputs = new Map<string, tfjs.Tensor4D>();
    for (const layer of layers) {
      features = this.#layer(layer, features);
      outputs.set(layer.name, features);
    }
    const rows = (kind: string, values: number): tfjs.Tensor =>
      this.#tf.concat(
        heads.map(({ name, layer }) => {
          const values4d = this.#convolve(`${name}.${kind}`, outputs.get(layer) as tfjs.Tensor4D, 'linear');
          return this.#tf.reshape(values4d, [-1, values]);
        }),
      );
    return [rows('loc', 4), rows('conf', classes + 1)];
  }

  #layer(layer: Layer, input: tfjs.Tensor4D): tfjs.Tensor4D {
    switch (layer.kind) {
      case 'conv':
        return this.#convolve(layer.name, input, 'relu');
      case 'maxpool':
        return this.#pool(layer, input);
      case 'fire': {
        const squeezed = this.#convolve(`${layer.name}.squeeze1x1`, input, 'relu');
        const expanded = ['expand1x1', 'expand3x3'].map((part) =>
          this.#convolve(`${layer.name}.${part}`, squeezed, 'relu'),
        );
        return this.#tf.concat(expanded, 3);
      }
    }
  }

  #convolve(name: string, x: tfjs.Tensor4D, activation: 'relu' | 'linear'): tfjs.Tensor4D {
    const { convolution, weight, bias } = this.#filters.get(name) as Filter;
    const { stride: strides, padding } = convolution;
    return this.#tf.fused.conv2d({
      x,
      filter: weight,
      strides,
      pad: padding,
      dimRoundingMode: 'floor',
      bias,
      activation,
    });
  }

  #pool({ kernel, stride }: MaxPoolLayer, input: tfjs.Tensor4D): tfjs.Tensor4D {
    const size = input.shape[1];
    const over = Math.ceil((size - kernel) / stride) * stride + kernel - size;
    // What pooling reads has been through a ReLU, so zeros beyond the edge never win.
    const padded =
      over === 0
        ? input
        : this.#tf.pad(input, [
            [0, 0],
            [0, over],
            [0, over],
            [0, 0],
          ]);
    return this.#tf.maxPool(padded, kernel, stride, 'valid');
  }
}

function loadFilters(tf: TfOps, network: Network, weights: Uint8Array): Map<string, Filter> {
  const places = readSafetensors(weights);
  const floats = (name: string, shape: number[]): tfjs.Tensor => {
    const place = places.get(name);
    if (place?.shape.join() !== shape.join()) {
      const got = place?.shape.join(' x ') ?? 'nothing';
      throw new FalconetError(
        'MODEL_INVALID',
        `expected weights ${name} of ${shape.join(' x ')}, got ${got}`,
      );
    }
    return tf.tensor(readFloats(weights, place), shape);
  };
  const filters = convolutions(network).map((convolution): [string, Filter] => {
    const { name, filters: out, inputs, kernel } = convolution;
    const weight = tf.tidy(() => {
      const outInHeightWidth = floats(`${name}.weight`, [out, inputs, kernel, kernel]);
      return tf.transpose(outInHeightWidth as tfjs.Tensor4D, [2, 3, 1, 0]);
    });
    return [name, { convolution, weight, bias: floats(`${name}.bias`, [out]) }];
  });
  return new Map(filters);
}
