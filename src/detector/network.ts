import { FalconetError } from '../core/error.ts';
import { JsonObject } from './check-json.ts';

/** A convolution with bias and ReLU. */
export interface ConvLayer {
  readonly kind: 'conv';
  readonly name: string;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
  readonly filters: number;
}

/** A Fire module (SqueezeNet, arXiv 1602.07360, section 3.1); its output is expand1x1 before expand3x3. */
export interface FireLayer {
  readonly kind: 'fire';
  readonly name: string;
  readonly squeeze1x1: number;
  readonly expand1x1: number;
  readonly expand3x3: number;
}

/** Caffe's pooling: rounds the size up; windows that reach over the edge take what is inside. */
export interface MaxPoolLayer {
  readonly kind: 'maxpool';
  readonly name: string;
  readonly kernel: number;
  readonly stride: number;
}

export type Layer = ConvLayer | FireLayer | MaxPoolLayer;

/** Two 3x3 convolutions on a layer's output, and the priors of each of its cells. */
export interface Head {
  readonly name: string;
  /** Name of the layer it reads. */
  readonly layer: string;
  /** In pixels of the input. */
  readonly minSize: number;
  readonly maxSize: number;
  /** Aspect ratios besides 1, each used with its inverse. */
  readonly ratios: readonly number[];
}

/** A single-shot detector, as its `network.json` describes it. */
export interface Network {
  /** Side of the square input in pixels, RGB, 0..255. */
  readonly inputSize: number;
  /** Without background. */
  readonly classes: number;
  /** Each reads the output of the one before. */
  readonly layers: readonly Layer[];
  readonly heads: readonly Head[];
  /** Of centre x, centre y, width, height; see decode.ts. */
  readonly variances: readonly [number, number, number, number];
}

/** The order of a frame's bytes, which no engine rearranges. */
const CHANNELS = 'red, green, blue';

/**
 * The network that a parsed `network.json` describes.
 *
 * @param place - the file's name, for messages.
 * @throws MODEL_INVALID with the place of the first mistake.
 */
export function readNetwork(json: unknown, place = 'network.json'): Network {
  const root = new JsonObject(json, place);
  const layers = root.objects('layers').map(readLayer);
  const heads = root.objects('heads').map(readHead);
  const names = [...layers, ...heads].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`${place}: expected each name once, got ${twice} twice`);
  for (const { name, layer } of heads) {
    const isKnown = layers.some((one) => one.name === layer);
    if (!isKnown) throw invalid(`${place}: expected ${name} to read a layer, got ${layer}`);
  }
  const input = root.object('input');
  const channels = input.texts('channels').join(', ');
  if (channels !== CHANNELS) throw invalid(`${place}: expected input channels ${CHANNELS}, got ${channels}`);
  const [x, y, width, height] = root.positives('variances', 4) as [number, number, number, number];
  return {
    inputSize: input.whole('size', 1),
    classes: root.whole('classes', 1),
    layers,
    heads,
    variances: [x, y, width, height],
  };
}

/** Priors of each cell of a head: two squares, and two boxes for each ratio (SSD, arXiv 1512.02325, 2.2). */
export function priorsPerCell(head: Head): number {
  return 2 + 2 * head.ratios.length;
}

function readLayer(layer: JsonObject): Layer {
  const name = layer.text('name');
  const kind = layer.oneOf('kind', ['conv', 'fire', 'maxpool']);
  switch (kind) {
    case 'conv':
      return {
        kind,
        name,
        kernel: layer.whole('kernel', 1),
        stride: layer.whole('stride', 1),
        padding: layer.whole('padding', 0),
        filters: layer.whole('filters', 1),
      };
    case 'fire':
      return {
        kind,
        name,
        squeeze1x1: layer.whole('squeeze1x1', 1),
        expand1x1: layer.whole('expand1x1', 1),
        expand3x3: layer.whole('expand3x3', 1),
      };
    case 'maxpool':
      return { kind, name, kernel: layer.whole('kernel', 1), stride: layer.whole('stride', 1) };
  }
}

function readHead(head: JsonObject): Head {
  return {
    name: head.text('name'),
    layer: head.text('layer'),
    minSize: head.positive('minSize'),
    maxSize: head.positive('maxSize'),
    ratios: head.positives('ratios'),
  };
}

function invalid(message: string): FalconetError {
  return new FalconetError('MODEL_INVALID', message, {
    hint: 'Install the model again, or correct this file',
  });
}
