import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstStillness, stillnessStep } from '../../src/tracker/stillness.ts';

/** Whether it is stationary after each sight of a box at `x`, 0.1 wide. */
function watch(sights: readonly (readonly [seconds: number, x: number])[]): boolean[] {
  const [[start, first] = [0, 0], ...rest] = sights;
  let state = firstStillness([first, 0.3, 0.1, 0.2], start * 1000);
  return rest.map(([seconds, x]) => {
    state = stillnessStep(state, [x, 0.3, 0.1, 0.2], seconds * 1000);
    return state.stationary;
  });
}

test.each([
  { name: 'ten seconds in one place, trembling by a quarter', at: [0, 0.02, -0.02, 0.024], stationary: true },
  { name: 'two wrong boxes on the way', at: [0, 0.3, 0.3, 0.01], stationary: true },
  { name: 'three boxes elsewhere, and back', at: [0, 0.3, 0.3, 0.3, 0.01], stationary: false },
  { name: 'a slow walk', at: [0, 0.03, 0.06, 0.09, 0.12], stationary: false },
])('$name: stationary is $stationary', ({ at, stationary }) => {
  const sights = at.map((x, i) => [(10 * i) / (at.length - 1), 0.4 + x] as const);
  expect(watch(sights).at(-1)).toBe(stationary);
});

test('what is stationary moves at the third sight more than half its size away, and not before', () => {
  const still = [0, 5, 10].map((seconds) => [seconds, 0.4] as const);
  const steps = watch([
    ...still,
    [11, 0.449],
    [12, 0.46],
    [13, 0.46],
    [14, 0.4],
    [15, 0.46],
    [16, 0.5],
    [17, 0.55],
  ]);
  expect(steps).toEqual([false, true, true, true, true, true, true, true, false]);
});

test('an object without size, or one that never moves, is answered too', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const box = fc.tuple(unit, unit, unit, unit);
  fc.assert(
    fc.property(box, fc.integer({ min: 10_000 }), (place, at) => {
      expect(stillnessStep(firstStillness(place, 0), place, at).stationary).toBe(true);
    }),
  );
});
