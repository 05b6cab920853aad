import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxPanel } from '../../src/cli/box-panel.ts';
import type { Box } from '../../src/core/box.ts';

test('an empty picture is its edge', () => {
  expect(boxPanel([], { columns: 5, rows: 3 })).toEqual(['┌───┐', '│   │', '└───┘']);
});

test('a box stands where the object is, with its label as far as it fits', () => {
  const person = { label: 'person', score: 0.876, box: [0.2, 0.25, 0.6, 0.5] as const };
  expect(boxPanel([person], { columns: 21, rows: 9 })).toEqual([
    '┌───────────────────┐',
    '│                   │',
    '│   ┌person 0.88┐   │',
    '│   │           │   │',
    '│   │           │   │',
    '│   │           │   │',
    '│   └───────────┘   │',
    '│                   │',
    '└───────────────────┘',
  ]);
});

test('no box, however odd, leaves the panel', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const box = fc.tuple(unit, unit, unit, unit).map(([x, y, w, h]): Box => [x, y, (1 - x) * w, (1 - y) * h]);
  fc.assert(
    fc.property(fc.array(box), (boxes) => {
      const panel = boxPanel(
        boxes.map((box) => ({ label: 'diningtable', score: 1, box })),
        { columns: 20, rows: 6 },
      );
      expect(panel).toHaveLength(6);
      for (const line of panel) expect([...line]).toHaveLength(20);
    }),
  );
});
