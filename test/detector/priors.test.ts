import { beforeAll, describe, expect, test } from 'vitest';
import { loadManifest } from '../../src/detector/manifest.ts';

/** A box that the network's outputs are relative to. */
type Prior = readonly [x: number, y: number, width: number, height: number];

/** Of each head: side of its grid, priors a cell. */
const grids = [
  [37, 4],
  [18, 6],
  [9, 6],
  [4, 6],
  [2, 6],
  [1, 4],
] as const;
let priors: Prior[];

beforeAll(async () => {
  const model = await loadManifest('tiny-ssd');
  priors = Array.from({ length: model.priors.length / 4 }, (_, row) => {
    const [x = 0, y = 0, width = 0, height = 0] = model.priors.subarray(4 * row, 4 * row + 4);
    return [x, y, width, height];
  });
});

describe('the priors of Tiny SSD', () => {
  test('are 8,030', () => {
    expect(priors).toHaveLength(8030);
  });

  // By hand from the table of heads: 21 / 300, sqrt(21 * 45) / 300, 21 * sqrt(2) / 300 and so on.
  test.each([
    { row: 0, prior: [0.013514, 0.013514, 0.07, 0.07] },
    { row: 1, prior: [0.013514, 0.013514, 0.10247, 0.10247] },
    { row: 2, prior: [0.013514, 0.013514, 0.098995, 0.049497] },
    { row: 3, prior: [0.013514, 0.013514, 0.049497, 0.098995] },
    { row: 4, prior: [0.040541, 0.013514, 0.07, 0.07] },
    { row: 37 * 4, prior: [0.013514, 0.040541, 0.07, 0.07] },
    { row: 5476, prior: [0.027778, 0.027778, 0.15, 0.15] },
    { row: 5480, prior: [0.027778, 0.027778, 0.259808, 0.086603] },
    { row: 8026, prior: [0.5, 0.5, 0.87, 0.87] },
    { row: 8027, prior: [0.5, 0.5, 0.955772, 0.955772] },
    { row: 8029, prior: [0.5, 0.5, 0.615183, 1.230366] },
  ])('have row $row where the paper puts it', ({ row, prior }) => {
    for (const [index, value] of prior.entries()) expect(priors[row]?.[index]).toBeCloseTo(value, 5);
  });

  test('favour no side: mirrored or turned on its diagonal, each head has the same priors', () => {
    let start = 0;
    for (const [grid, perCell] of grids) {
      const head = priors.slice(start, start + grid ** 2 * perCell);
      const asSet = (boxes: readonly Prior[]) =>
        boxes.map((one) => one.map((n) => n.toFixed(5)).join()).sort();
      expect(asSet(head.map(([x, y, w, h]) => [1 - x, y, w, h]))).toEqual(asSet(head));
      expect(asSet(head.map(([x, y, w, h]) => [y, x, h, w]))).toEqual(asSet(head));
      start += head.length;
    }
    expect(start).toBe(priors.length);
  });

  test('of one cell have one area, but for the larger square', () => {
    let start = 0;
    for (const [grid, perCell] of grids) {
      const [first = 0, larger = 0, ...oblong] = priors
        .slice(start, start + perCell)
        .map(([, , w, h]) => w * h);
      expect(larger).toBeGreaterThan(first);
      for (const area of oblong) expect(area).toBeCloseTo(first, 5);
      start += grid ** 2 * perCell;
    }
  });
});
