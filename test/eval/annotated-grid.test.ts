import { expect, test } from 'vitest';
import { annotatedGrid, toGrid } from '../../src/eval/annotated-grid.ts';
import { Faults } from '../../src/eval/faults.ts';

const upright = { width: 200, height: 400, orientation: 1 };

test.each([
  { name: 'fits', annotated: { width: 200, height: 400 }, seen: upright, turned: 1, fault: undefined },
  { name: 'is not told', annotated: undefined, seen: upright, turned: 1, fault: undefined },
  {
    name: 'is another',
    annotated: { width: 100, height: 200 },
    seen: upright,
    turned: 1,
    fault: 'picture-size',
  },
  {
    name: 'fits a turned picture as it is seen',
    annotated: { width: 200, height: 400 },
    seen: { ...upright, orientation: 6 },
    turned: 1,
    fault: undefined,
  },
  {
    name: 'fits a turned picture as it is stored',
    annotated: { width: 400, height: 200 },
    seen: { ...upright, orientation: 6 },
    turned: 6,
    fault: 'picture-turned',
  },
  {
    name: 'is that of a picture on its side, which nothing says',
    annotated: { width: 400, height: 200 },
    seen: upright,
    turned: 1,
    fault: 'picture-size',
  },
  {
    name: 'cannot tell, of a picture on its head',
    annotated: { width: 200, height: 400 },
    seen: { ...upright, orientation: 3 },
    turned: 1,
    fault: 'turn-unknown',
  },
  {
    name: 'cannot tell, of a square',
    annotated: { width: 200, height: 200 },
    seen: { width: 200, height: 200, orientation: 8 },
    turned: 1,
    fault: 'turn-unknown',
  },
])('the annotated size $name', ({ annotated, seen, turned, fault }) => {
  const faults = new Faults();
  const grid = annotatedGrid(annotated, seen, faults, 'a.jpg');
  expect(grid).toEqual({ size: annotated ?? { width: 200, height: 400 }, orientation: turned });
  expect(faults.list().map(({ kind }) => kind)).toEqual(fault === undefined ? [] : [fault]);
});

// A box at the top left of the picture as it is stored, where EXIF (tag 274) says that corner is seen.
test.each([
  { orientation: 1, seen: [0, 0, 0.1, 0.2] as const },
  { orientation: 5, seen: [0, 0, 0.2, 0.1] as const },
  { orientation: 6, seen: [0.8, 0, 0.2, 0.1] as const },
  { orientation: 7, seen: [0.8, 0.9, 0.2, 0.1] as const },
  { orientation: 8, seen: [0, 0.9, 0.2, 0.1] as const },
])(
  'a box lands where it was drawn before orientation $orientation turned the picture',
  ({ orientation, seen }) => {
    const box = toGrid(seen, { size: { width: 400, height: 200 }, orientation });
    for (const [index, side] of [0, 0, 40, 40].entries()) expect(box[index]).toBeCloseTo(side, 9);
  },
);
