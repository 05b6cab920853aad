import { expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Track } from '../../src/core/track.ts';
import { withoutCut } from '../../src/detector/squares.ts';
import { initialTracker, trackerStep } from '../../src/tracker/tracker.ts';

const PARKED: Detection = { label: 'car', score: 0.8, box: [0.1, 0.5, 0.2, 0.2] };
const LEFT: Box = [0, 0, 0.5, 1];
const ALL: Box = [0, 0, 1, 1];
const RIGHT: Box = [0.5, 0, 0.5, 1];

/** Tracks after looks at parts of the picture, five a second, that show the car if it is in them. */
function follow(looks: readonly { readonly at: Box; readonly shows: boolean }[]): Track[] {
  let state = initialTracker();
  let tracks: Track[] = [];
  const seen: Track[] = [];
  for (const [i, { at, shows }] of looks.entries()) {
    [state, tracks] = trackerStep(state, shows ? [PARKED] : [], i * 200, { looked: [at] });
    seen.push(...tracks.filter(({ ended }) => ended));
  }
  return [...tracks.filter(({ ended }) => !ended), ...seen];
}

const times = (count: number, at: Box, shows: boolean) =>
  Array.from({ length: count }, () => ({ at, shows }));

test('what is not looked at for long is not lost', () => {
  const tracks = follow([...times(5, LEFT, true), ...times(100, RIGHT, false), ...times(1, LEFT, true)]);
  expect(tracks.map(({ id, ended, confirmed }) => ({ id, ended, confirmed }))).toEqual([
    { id: 1, ended: false, confirmed: true },
  ]);
});

test('looks elsewhere are no reason to disbelieve what was seen once', () => {
  const once = [...times(1, LEFT, true), ...times(9, RIGHT, false)];
  expect(follow([...once, ...once, ...once]).map(({ confirmed }) => confirmed)).toEqual([true]);
});

test('what is gone ends by the looks at its place, whose time between them counts', () => {
  const gone = [...times(9, RIGHT, false), ...times(1, LEFT, false)];
  const two = follow([...times(5, LEFT, true), ...gone, ...gone]);
  expect(two.map(({ ended }) => ended)).toEqual([false]);
  const three = follow([...times(5, LEFT, true), ...gone, ...gone, ...gone]);
  expect(three.map(({ ended }) => ended)).toEqual([true]);
});

test.each([
  { name: 'mostly in it', x: 0.31 },
  { name: 'in it, and near its edge', x: 0.295 },
])('what is $name is not missed by a look at a square, which leaves out what its edge cuts', ({ x }) => {
  const box: Box = [x, 0.5, 0.2, 0.2];
  const left = { x: 0, y: 0, width: 320, height: 360 };
  expect(withoutCut([{ ...PARKED, box: [x * 2, 0.5, 0.4, 0.2] }], left, { width: 640, height: 360 })).toEqual(
    [],
  );
  let [state] = trackerStep(initialTracker(), [{ ...PARKED, box }], 0);
  let tracks: Track[] = [];
  for (let at = 200; at < 60_000; at += 200) {
    const isWhole = at <= 600;
    const looked = isWhole ? [ALL] : [LEFT];
    [state, tracks] = trackerStep(state, isWhole ? [{ ...PARKED, box }] : [], at, { looked });
  }
  expect(tracks.map(({ id, ended }) => ({ id, ended }))).toEqual([{ id: 1, ended: false }]);
});
