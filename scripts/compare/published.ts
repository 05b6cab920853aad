import type { GraphCounts } from './count-graph.ts';

/** A layer of a published network; convolutions and poolings keep the edge, so sizes are divided, rounded up. */
type PublishedLayer =
  | { readonly kind: 'conv'; readonly kernel: number; readonly filters: number; readonly stride?: number }
  /** SqueezeNet's (arXiv 1602.07360, section 3.1). */
  | { readonly kind: 'fire'; readonly squeeze: number; readonly expand: number }
  | { readonly kind: 'pool'; readonly stride: number };

/** A network that cannot be run here, as its authors describe it. */
export interface PublishedNetwork {
  readonly name: string;
  readonly source: string;
  readonly input: readonly [width: number, height: number];
  readonly layers: readonly PublishedLayer[];
}

export const tinyYolo: PublishedNetwork = {
  name: 'Tiny YOLO v2 (VOC)',
  source: 'tiny-yolo-voc.cfg of darknet (Redmon and Farhadi, arXiv 1612.08242)',
  input: [416, 416],
  layers: [
    ...[16, 32, 64, 128, 256].flatMap((filters): PublishedLayer[] => [
      { kind: 'conv', kernel: 3, filters },
      { kind: 'pool', stride: 2 },
    ]),
    { kind: 'conv', kernel: 3, filters: 512 },
    { kind: 'pool', stride: 1 },
    { kind: 'conv', kernel: 3, filters: 1024 },
    { kind: 'conv', kernel: 3, filters: 1024 },
    { kind: 'conv', kernel: 1, filters: 125 },
  ],
};

export const squeezeDet: PublishedNetwork = {
  name: 'SqueezeDet (KITTI)',
  source: 'Wu et al., arXiv 1612.01051, and its src/nets/squeezeDet.py',
  input: [1248, 384],
  layers: [
    { kind: 'conv', kernel: 3, filters: 64, stride: 2 },
    { kind: 'pool', stride: 2 },
    ...fires(16, 64),
    { kind: 'pool', stride: 2 },
    ...fires(32, 128),
    { kind: 'pool', stride: 2 },
    ...fires(48, 192),
    ...fires(64, 256),
    ...fires(96, 384),
    { kind: 'conv', kernel: 3, filters: 72 },
  ],
};

function fires(squeeze: number, expand: number): PublishedLayer[] {
  return [
    { kind: 'fire', squeeze, expand },
    { kind: 'fire', squeeze, expand },
  ];
}

/** Weights and biases, batch norms folded, and multiply-accumulates of one picture. */
export function countPublished({ input: [width, height], layers }: PublishedNetwork): GraphCounts {
  let [across, down, channels] = [width, height, 3];
  let [parameters, multiplyAccumulates] = [0, 0];
  const convolve = (inputs: number, kernel: number, filters: number): void => {
    const weights = inputs * kernel ** 2 * filters;
    parameters += weights + filters;
    multiplyAccumulates += weights * across * down;
  };
  for (const layer of layers) {
    const stride = layer.kind === 'fire' ? 1 : (layer.stride ?? 1);
    [across, down] = [Math.ceil(across / stride), Math.ceil(down / stride)];
    if (layer.kind === 'conv') {
      convolve(channels, layer.kernel, layer.filters);
      channels = layer.filters;
    } else if (layer.kind === 'fire') {
      convolve(channels, 1, layer.squeeze);
      for (const kernel of [1, 3]) convolve(layer.squeeze, kernel, layer.expand);
      channels = 2 * layer.expand;
    }
  }
  return { parameters, multiplyAccumulates };
}
