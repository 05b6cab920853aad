import { outputShapes, type Shape } from './convolutions.ts';
import type { Head, Network } from './network.ts';

/**
 * The boxes that a network's outputs are relative to, `[priors, 4]` of centre x, centre y, width, height, in
 * units of the input's side; order head, row, column, prior. They may reach over the edge.
 *
 * A cell's priors (SSD, arXiv 1512.02325, 2.2, with sizes in pixels as its Caffe code takes them): a square of
 * the least size, one of the geometric mean of both sizes, then for each ratio a lying and a standing box.
 */
export function makePriors(network: Network): Float32Array {
  const shapes = outputShapes(network);
  return Float32Array.from(
    network.heads.flatMap((head) =>
      headPriors(head, (shapes.get(head.layer) as Shape).size, network.inputSize),
    ),
  );
}

function headPriors(head: Head, grid: number, inputSize: number): number[] {
  const sizes = cellSizes(head, inputSize);
  const priors: number[] = [];
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      for (const [width, height] of sizes)
        priors.push((column + 0.5) / grid, (row + 0.5) / grid, width, height);
    }
  }
  return priors;
}

function cellSizes({ minSize, maxSize, ratios }: Head, inputSize: number): [width: number, height: number][] {
  const least = minSize / inputSize;
  const mean = Math.sqrt(minSize * maxSize) / inputSize;
  const oblong = ratios.map(Math.sqrt).flatMap((root): [number, number][] => [
    [least * root, least / root],
    [least / root, least * root],
  ]);
  return [[least, least], [mean, mean], ...oblong];
}
