import { expect, test } from 'vitest';
import { cameraCount, isKept } from '../../../src/cli/bench/trial.ts';

/** A camera of 5 frames/s for 10 s: `drops` of them lost, its video at `pace` times the time that passes. */
function reports(camera: string, { drops = 0, pace = 1 } = {}) {
  return Array.from({ length: 51 }, (_, i) => ({
    report: { camera, pts: i * 200 * pace, dropped: 7 + Math.round((i / 50) * drops) },
    at: 1_000 + i * 200,
  }));
}

function count(cameras: number, all: ReturnType<typeof reports>) {
  const made = cameraCount();
  for (const { report, at } of all) made.add(report, at);
  return made.total(cameras);
}

test('cameras that lose nothing are kept', () => {
  const total = count(2, [...reports('a'), ...reports('b')]);
  expect(total).toEqual({ looked: 100, dropped: 0, lost: 0, pace: 1 });
  expect(isKept(total)).toBe(true);
});

test.each([
  { name: 'nothing was seen at all', cameras: 1, all: [] },
  { name: 'more than one frame in a hundred was dropped', cameras: 1, all: reports('a', { drops: 1 }) },
  { name: 'decoding itself fell behind', cameras: 1, all: reports('a', { pace: 0.9 }) },
  { name: 'one of two cameras showed nothing', cameras: 2, all: reports('a') },
])('it is too much when $name', ({ cameras, all }) => {
  expect(isKept(count(cameras, all))).toBe(false);
});

test('what was dropped before is not counted', () => {
  expect(count(1, reports('a')).dropped).toBe(0);
});
