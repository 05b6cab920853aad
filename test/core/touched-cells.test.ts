import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, type Polygon, polygonFault } from '../../src/core/polygon.ts';
import { touchedCells } from '../../src/core/touched-cells.ts';

const grid = fc.integer({ min: 0, max: 64 }).map((n) => n / 64);
const polygon = fc
  .array(fc.tuple(grid, grid), { minLength: 3, maxLength: 6 })
  .filter((corners: Polygon) => polygonFault(corners) === undefined);

function drawn(polygons: readonly Polygon[], width: number, height: number): string[] {
  const cells = touchedCells(polygons, { width, height });
  return Array.from({ length: height }, (_, row) =>
    [...cells.subarray(row * width, (row + 1) * width)].map((on) => '.#'[on]).join(''),
  );
}

test.each<{ name: string; polygons: Polygon[]; cells: string[] }>([
  { name: 'nothing', polygons: [], cells: ['........', '........', '........', '........'] },
  {
    name: 'a rectangle that cuts cells',
    polygons: [
      [
        [0.3, 0.3],
        [0.7, 0.3],
        [0.7, 0.6],
        [0.3, 0.6],
      ],
    ],
    cells: ['........', '..####..', '..####..', '........'],
  },
  {
    name: 'a triangle',
    polygons: [
      [
        [0.05, 0.1],
        [0.95, 0.1],
        [0.5, 0.9],
      ],
    ],
    cells: ['########', '.######.', '..####..', '...##...'],
  },
  {
    name: 'a thing smaller than a cell, in a corner of the picture',
    polygons: [
      [
        [0.98, 0.98],
        [1, 0.98],
        [1, 1],
      ],
    ],
    cells: ['........', '........', '........', '.......#'],
  },
  {
    name: 'the whole picture',
    polygons: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    ],
    cells: ['########', '########', '########', '########'],
  },
])('a mask hides each cell that it touches: $name', ({ polygons, cells }) => {
  expect(drawn(polygons, 8, 4)).toEqual(cells);
});

test('every point of a mask lies in a cell that is hidden, whatever its shape', () => {
  const [width, height] = [13, 7];
  fc.assert(
    fc.property(polygon, grid, grid, (mask, x, y) => {
      fc.pre(contains(mask, [x, y]));
      const column = Math.min(width - 1, Math.floor(x * width));
      const row = Math.min(height - 1, Math.floor(y * height));
      expect(touchedCells([mask], { width, height })[row * width + column]).toBe(1);
    }),
    { numRuns: 300 },
  );
});
