import { FalconetError } from '../core/error.ts';
import { type Head, type Layer, type Network, priorsPerCell } from './network.ts';

/** One convolution of a network with all its sizes known. Its weights are `NAME.weight` and `NAME.bias`. */
export interface Convolution {
  readonly name: string;
  readonly inputs: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** Side of the output in cells. */
  readonly outputSize: number;
}

/** What a layer makes of its input: `[channels, size, size]`. */
export interface Shape {
  readonly channels: number;
  readonly size: number;
}

export interface NetworkCounts {
  /** Weights and biases. */
  readonly parameters: number;
  /** Of one picture, biases not counted. */
  readonly multiplyAccumulates: number;
  readonly priors: number;
}

/** Output shape of each layer, by name. @throws MODEL_INVALID when a layer shrinks the picture to nothing. */
export function outputShapes(network: Network): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  let shape: Shape = { channels: 3, size: network.inputSize };
  for (const layer of network.layers) {
    shape = shapeAfter(layer, shape);
    if (shape.size < 1) {
      throw new FalconetError(
        'MODEL_INVALID',
        `expected ${layer.name} to leave 1 cell or more, got ${shape.size}`,
      );
    }
    shapes.set(layer.name, shape);
  }
  return shapes;
}

/** All convolutions in the order of work: the layers', then offsets (`.loc`) and scores (`.conf`) of each head. */
export function convolutions(network: Network): Convolution[] {
  const shapes = outputShapes(network);
  const shapeOf = (name: string): Shape => shapes.get(name) as Shape;
  let inputs = 3;
  const body = network.layers.flatMap((layer) => {
    const { channels, size } = shapeOf(layer.name);
    const found = layerConvolutions(layer, inputs, size);
    inputs = channels;
    return found;
  });
  return [
    ...body,
    ...network.heads.flatMap((head) => headConvolutions(head, shapeOf(head.layer), network.classes)),
  ];
}

/** How large a network is, by its description alone. */
export function countNetwork(network: Network): NetworkCounts {
  const shapes = outputShapes(network);
  let parameters = 0;
  let multiplyAccumulates = 0;
  for (const { inputs, filters, kernel, outputSize } of convolutions(network)) {
    const weights = filters * inputs * kernel ** 2;
    parameters += weights + filters;
    multiplyAccumulates += weights * outputSize ** 2;
  }
  const priors = network.heads
    .map((head) => priorsPerCell(head) * (shapes.get(head.layer) as Shape).size ** 2)
    .reduce((sum, count) => sum + count, 0);
  return { parameters, multiplyAccumulates, priors };
}

function shapeAfter(layer: Layer, { channels, size }: Shape): Shape {
  switch (layer.kind) {
    case 'conv':
      return {
        channels: layer.filters,
        size: Math.floor((size + 2 * layer.padding - layer.kernel) / layer.stride) + 1,
      };
    case 'maxpool':
      return { channels, size: Math.ceil((size - layer.kernel) / layer.stride) + 1 };
    case 'fire':
      return { channels: layer.expand1x1 + layer.expand3x3, size };
  }
}

function layerConvolutions(layer: Layer, inputs: number, outputSize: number): Convolution[] {
  if (layer.kind === 'maxpool') return [];
  if (layer.kind === 'conv') {
    const { name, filters, kernel, stride, padding } = layer;
    return [{ name, inputs, filters, kernel, stride, padding, outputSize }];
  }
  const { name, squeeze1x1, expand1x1, expand3x3 } = layer;
  const pointwise = { kernel: 1, stride: 1, padding: 0, outputSize };
  return [
    { ...pointwise, name: `${name}.squeeze1x1`, inputs, filters: squeeze1x1 },
    { ...pointwise, name: `${name}.expand1x1`, inputs: squeeze1x1, filters: expand1x1 },
    {
      name: `${name}.expand3x3`,
      inputs: squeeze1x1,
      filters: expand3x3,
      kernel: 3,
      stride: 1,
      padding: 1,
      outputSize,
    },
  ];
}

function headConvolutions(head: Head, { channels, size }: Shape, classes: number): Convolution[] {
  const same = { inputs: channels, kernel: 3, stride: 1, padding: 1, outputSize: size };
  const priors = priorsPerCell(head);
  return [
    { ...same, name: `${head.name}.loc`, filters: priors * 4 },
    { ...same, name: `${head.name}.conf`, filters: priors * (classes + 1) },
  ];
}
