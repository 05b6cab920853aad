import type { Convolution } from '../../src/detector/convolutions.ts';

/** Channels of the network, and channels of zeros behind them. */
export interface Run {
  readonly real: number;
  readonly zeros: number;
}

/** A feature map `[1, channels, size, size]` by name, and what its channels hold. */
export interface Features {
  readonly name: string;
  readonly runs: readonly Run[];
  /** Name of a convolution whose numbers these are, or `input`: joining and pooling leave them as they are. */
  readonly from: string;
}

/** In which numbers a graph computes; each method adds nodes to the graph and returns the last one's name. */
export interface Arithmetic {
  /** The picture, float32 in 0..255, as the first layer takes it. */
  input(picture: string): string;
  /** Convolution and ReLU, with `zeros` more channels of zeros. */
  hidden(convolution: Convolution, input: Features, zeros: number): string;
  /** Convolution alone, as float32. */
  output(convolution: Convolution, input: Features): string;
}

/** Attributes of a Conv or QLinearConv. */
export function convolutionAttributes({ kernel, stride, padding }: Convolution) {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
}

/** Which real channel stands at each place of filled-up features; the one behind the last is all zeros. */
export function channelOrder(runs: readonly Run[]): number[] {
  const zeroChannel = runs.reduce((sum, { real }) => sum + real, 0);
  let next = 0;
  return runs.flatMap(({ real, zeros }) => [
    ...Array.from({ length: real }, () => next++),
    ...Array.from({ length: zeros }, () => zeroChannel),
  ]);
}
