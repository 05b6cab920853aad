import { describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { sceneMemorySchema } from '../../src/core/schema/scene-memory.ts';
import type { Track } from '../../src/core/track.ts';
import { memoryOf, recall } from '../../src/tracker/recall.ts';
import { forgetTracks, initialTracker, type TrackerState, trackerStep } from '../../src/tracker/tracker.ts';
import { seeded } from './scenes/random.ts';

const PLACE: Box = [0.3, 0.5, 0.24, 0.15];
const START = Date.parse('2026-11-24T08:00:00.000Z');

/** A camera of five frames a second whose tracks are followed. */
function camera(from: TrackerState = initialTracker(), startMs = START) {
  let state = from;
  let at = startMs;
  let open: Track[] = [];
  const ended: Track[] = [];
  return {
    /** Shows for some seconds what is made of the seconds since this call. */
    show(seconds: number, make: (second: number) => readonly Detection[], everyMs = 200) {
      for (let ms = 0; ms < seconds * 1000; ms += everyMs) {
        const [next, tracks] = trackerStep(state, make(ms / 1000), at);
        state = next;
        at += everyMs;
        open = tracks.filter((track) => !track.ended);
        ended.push(...tracks.filter((track) => track.ended));
      }
      return open.map(({ id, stationary, reacquired }) => ({ id, stationary, reacquired }));
    },
    ended: () => ended.map(({ id }) => id),
    at: () => at,
    state: () => state,
  };
}

const random = seeded(1);
/** A box of the car, trembling by some share of its size. */
const car = (score = 0.7, tremble = 0.03, [x, y, width, height] = PLACE): Detection => ({
  label: 'car',
  score,
  box: [
    x + width * tremble * random.normal(),
    y + height * tremble * random.normal(),
    width * Math.exp(tremble * random.normal()),
    height * Math.exp(tremble * random.normal()),
  ],
});
const parked = () => [car()];
const nothing = () => [];
/** Before the car, of another group than that. */
const lorry = (): Detection[] => [{ label: 'person', score: 0.9, box: [0.2, 0.3, 0.4, 0.6] }];
/** From the left edge through the place or out of it, in four seconds. */
const driving = (from: number) => (second: number) => [
  car(0.7, 0.02, [from + 0.2 * second, 0.5, 0.24, 0.15]),
];
const ONE = [{ id: 1, stationary: true, reacquired: false }];
const ONE_AGAIN = [{ id: 1, stationary: true, reacquired: true }];

describe('a parked car', () => {
  test('is one track through light that comes and goes', () => {
    const drive = camera();
    expect(drive.show(20, parked)).toEqual(ONE);
    drive.show(30, () => [car(0.13, 0.06)]); // a cloud: scores near the floor
    drive.show(60, nothing); // the lamp goes out
    drive.show(30, () => (random.chance(0.3) ? [car(0.2, 0.06)] : []));
    drive.show(240, nothing);
    expect(drive.show(10, parked)).toEqual(ONE_AGAIN);
    expect(drive.ended()).toEqual([]);
  });

  test('that cannot be seen for a night ends once, and is no other in the morning', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(299, nothing);
    expect(drive.ended()).toEqual([]);
    expect(drive.show(3, nothing)).toEqual([]);
    expect(drive.ended()).toEqual([1]);
    drive.show(8 * 3600, nothing, 10_000);
    expect(drive.show(20, parked)).toEqual(ONE_AGAIN);
    expect(drive.ended()).toEqual([1]);
  });

  test('is not remembered for ever', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(13 * 3600, nothing, 10_000);
    expect(drive.show(20, parked)).toEqual([{ id: 2, stationary: true, reacquired: false }]);
  });

  test('is still there when what stood before it for an hour has left', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(3600, lorry, 2000);
    expect(drive.show(20, parked)).toContainEqual(ONE[0]);
    expect(drive.ended()).not.toContain(1);
  });

  test('that something has stood before for hours ends once, and is no other when that has left', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(3 * 3600, lorry, 2000);
    expect(drive.ended()).toEqual([1]);
    expect(drive.show(20, parked)).toContainEqual(ONE_AGAIN[0]);
  });

  test('that drives off is seen to move, and ends seconds after it has left the picture', () => {
    const drive = camera();
    drive.show(20, parked);
    expect(drive.show(2, driving(0.3))).toEqual([{ id: 1, stationary: false, reacquired: false }]);
    expect(drive.show(3, nothing)).toEqual([]);
    expect(drive.ended()).toEqual([1]);
  });

  test('keeps its number when another drives past it in the dark, and the other has its own', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(5, nothing);
    expect(drive.show(3, driving(-0.1))).toEqual([
      { id: 1, stationary: true, reacquired: false },
      { id: 2, stationary: false, reacquired: false },
    ]);
    drive.show(5, nothing);
    expect(drive.show(1, parked)).toEqual(ONE_AGAIN);
  });

  test('whose place another has come to stand in, has left', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(5, nothing); // nobody saw it leave
    drive.show(1.8, driving(-0.06));
    expect(drive.show(15, parked)).toEqual([{ id: 2, stationary: true, reacquired: false }]);
    expect(drive.ended()).toEqual([1]);
  });

  test('is not moved by one box that is wrong', () => {
    const drive = camera();
    drive.show(20, parked);
    drive.show(0.2, () => [car(0.5, 0, [0.3, 0.5, 0.24, 0.3])]);
    expect(drive.show(1, parked)).toEqual(ONE);
  });

  test('that trembles by a tenth of its size all day is one track', () => {
    const drive = camera();
    drive.show(20, parked);
    expect(drive.show(3600, () => [car(0.4, 0.1)], 1000)).toEqual([
      { id: 1, stationary: true, reacquired: false },
    ]);
    expect(drive.ended()).toEqual([]);
  });
});

describe('after a restart or a lost source', () => {
  const stood = (): TrackerState => {
    const drive = camera();
    drive.show(20, parked);
    return drive.state();
  };
  const byFile = (state: TrackerState) =>
    recall(sceneMemorySchema.parse(JSON.parse(JSON.stringify(memoryOf(state)))));

  test.each([
    { name: 'the source is back', again: forgetTracks },
    { name: 'the gateway is back', again: byFile },
    { name: 'the gateway is back after two stops', again: (state: TrackerState) => byFile(byFile(state)) },
  ])('$name: a car that is still there has its number and is reacquired', ({ again }) => {
    const drive = camera(again(stood()), START + 3_600_000);
    expect(drive.show(2, nothing)).toEqual([]);
    expect(drive.show(10, parked)).toEqual(ONE_AGAIN);
    expect(drive.ended()).toEqual([]);
  });

  test('once it moves, it is another object with a number of its own', () => {
    const drive = camera(byFile(stood()), START + 3_600_000);
    drive.show(2, parked);
    expect(drive.show(2, driving(0.3))).toEqual([{ id: 2, stationary: false, reacquired: false }]);
    expect(drive.ended()).toEqual([1]);
  });

  test('who stood there and is gone is nobody, and who comes is new', () => {
    const person: Detection = { label: 'person', score: 0.8, box: [0.4, 0.3, 0.1, 0.4] };
    const porch = camera();
    porch.show(20, () => [person]);
    const later = camera(byFile(porch.state()), START + 3_600_000);
    later.show(30, nothing);
    expect(later.show(2, () => [person])).toEqual([{ id: 2, stationary: false, reacquired: false }]);
  });

  test.each([
    { name: 'a source that was lost', again: forgetTracks },
    { name: 'a gateway that was down', again: byFile },
  ])('$name for a night: who is there then is not who stood there before', ({ again }) => {
    const person: Detection = { label: 'person', score: 0.8, box: [0.4, 0.3, 0.1, 0.4] };
    const porch = camera();
    porch.show(15, () => [person]);
    const soon = camera(again(porch.state()), porch.at() + 30_000);
    expect(soon.show(2, () => [person])).toEqual(ONE_AGAIN);
    const later = camera(again(porch.state()), porch.at() + 8 * 3_600_000);
    expect(later.show(2, () => [person])).toEqual([{ id: 2, stationary: false, reacquired: false }]);
    expect(later.ended()).toEqual([]);
  });

  test('a clock that was set back meanwhile costs nothing', () => {
    const drive = camera(byFile(stood()), START - 3_600_000);
    expect(drive.show(20, parked)).toEqual(ONE_AGAIN);
    for (const { firstSeen, lastSeen } of drive.state().lives)
      expect(firstSeen).toBeLessThanOrEqual(lastSeen);
  });

  test('a moving object is forgotten', () => {
    const drive = camera();
    drive.show(2, driving(0));
    expect(forgetTracks(drive.state()).lives).toEqual([]);
    expect(memoryOf(drive.state())).toMatchObject({ nextId: 2, places: [] });
  });
});

test('what stood on a table ends minutes after it was taken away', () => {
  const table: Detection = { label: 'diningtable', score: 0.8, box: [0.2, 0.4, 0.6, 0.4] };
  const bottle: Detection = { label: 'bottle', score: 0.8, box: [0.45, 0.42, 0.05, 0.15] };
  const room = camera();
  room.show(20, () => [table]);
  room.show(15, () => [table, bottle]);
  expect(room.show(360, () => [table])).toEqual(ONE);
  expect(room.ended()).toEqual([2]);
});

test('somebody who stood still and flickers is one track; who has walked out of the door ends within seconds', () => {
  const standing: Detection = { label: 'person', score: 0.8, box: [0.4, 0.3, 0.1, 0.4] };
  const porch = camera();
  porch.show(30, () => [standing]);
  porch.show(20, nothing);
  expect(porch.show(2, () => [standing])).toEqual(ONE_AGAIN);
  porch.show(0.6, (second) => [{ ...standing, box: [0.44 + 0.2 * second, 0.3, 0.1, 0.4] }]);
  porch.show(2.4, nothing);
  expect(porch.ended()).toEqual([1]);
});

test('a car park remembers 64 places, the newest', () => {
  const places = Array.from({ length: 80 }, (_, i): Detection => {
    return { label: 'car', score: 0.8, box: [(i % 10) / 10, Math.floor(i / 10) / 10, 0.08, 0.08] };
  });
  const park = camera();
  park.show(15, () => places);
  park.show(2, () => places.slice(16));
  const memory = memoryOf(park.state());
  expect(memory.places.map(({ id }) => id)).toEqual(Array.from({ length: 64 }, (_, i) => i + 17));
});
