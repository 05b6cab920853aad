import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Track } from '../../src/core/track.ts';
import { forgetTracks, initialTracker, type TrackerOptions, trackerStep } from '../../src/tracker/tracker.ts';

type Look = readonly [at: number, detections: readonly Detection[]];

const person = (x: number, score = 0.8, y = 0.5): Detection => ({
  label: 'person',
  score,
  box: [x, y, 0.1, 0.3],
});

/** The tracks after each look. */
function follow(looks: readonly Look[], options?: TrackerOptions): Track[][] {
  let state = initialTracker();
  return looks.map(([at, detections]) => {
    const [next, tracks] = trackerStep(state, detections, at, options);
    state = next;
    return tracks;
  });
}

const summary = (tracks: Track[] | undefined) =>
  tracks?.map(({ id, confirmed, ended }) => ({ id, confirmed, ended }));

describe('one object', () => {
  test('nothing seen is no track', () => {
    expect(follow([[0, []]])).toEqual([[]]);
  });

  test('keeps its number while it walks, and is believed at the third sight', () => {
    const steps = follow([0, 1, 2].map((i) => [i * 200, [person(0.1 + i * 0.02)]]));
    expect(steps.map((tracks) => summary(tracks))).toEqual([
      [{ id: 1, confirmed: false, ended: false }],
      [{ id: 1, confirmed: false, ended: false }],
      [{ id: 1, confirmed: true, ended: false }],
    ]);
  });

  test.each([
    { name: 'three in five frames, with gaps', seen: '1.1.1', confirmed: true },
    { name: 'three in six frames', seen: '1.1..1', confirmed: false },
    { name: 'two in five frames', seen: '1...1', confirmed: false },
  ])('$name: believed is $confirmed', ({ seen, confirmed }) => {
    const looks = [...seen].map((c, i): Look => [i * 200, c === '1' ? [person(0.1)] : []]);
    expect(follow(looks).at(-1)?.[0]?.confirmed).toBe(confirmed);
  });

  test('ends once, after more than two seconds and three looks unseen, with its last box', () => {
    const looks: Look[] = [0, 200, 400].map((at) => [at, [person(0.1)]]);
    const steps = follow([...looks, [2399, []], [2400, []], [2401, []], [2600, []]]);
    expect(summary(steps[4])).toEqual([{ id: 1, confirmed: true, ended: false }]);
    expect(summary(steps[5])).toEqual([{ id: 1, confirmed: true, ended: true }]);
    expect(steps[5]?.[0]).toMatchObject({ box: [0.1, 0.5, 0.1, 0.3], firstSeen: 0, lastSeen: 400 });
    expect(steps[6]).toEqual([]);
  });

  test('two looks that miss it end nothing, however far apart: a gate may skip what lies between', () => {
    const seen: Look[] = [0, 200, 400].map((at) => [at, [person(0.1)]]);
    const steps = follow([...seen, [2400, []], [4400, []], [6400, [person(0.1)]], [8400, []], [10_400, []]]);
    expect(steps.map((tracks) => tracks.map(({ id, ended }) => [id, ended]))).toEqual(
      steps.map(() => [[1, false]]),
    );
  });

  test('seen once and never again, it leaves without an end', () => {
    const steps = follow([
      [0, [person(0.1)]],
      [700, []],
      [1400, []],
      [2100, []],
    ]);
    expect(steps[3]).toEqual([]);
  });

  test('a source with a frame every ten seconds keeps its tracks', () => {
    const steps = follow([0, 1, 2].map((i) => [i * 10_000, [person(0.1)]]));
    expect(summary(steps[2])).toEqual([{ id: 1, confirmed: true, ended: false }]);
  });

  test('a weak detection continues a track but starts none', () => {
    expect(follow([[0, [person(0.1, 0.29)]]])[0]).toEqual([]);
    const steps = follow([
      [0, [person(0.1, 0.3)]],
      [200, [person(0.1, 0.1)]],
    ]);
    expect(steps[1]).toHaveLength(1);
    expect(steps[1]?.[0]?.score).toEqual({ current: 0.1, best: 0.3, median: 0.1 });
  });

  test('the median is over the whole life and does not follow one lucky frame', () => {
    const scores = [0.4, 0.41, 0.95, 0.42, 0.43];
    const last = follow(scores.map((score, i) => [i * 200, [person(0.1, score)]])).at(-1)?.[0];
    expect(last?.score).toEqual({ current: 0.43, best: 0.95, median: 0.42 });
  });

  test('its speed is in pictures per second, whatever the frame rate', () => {
    for (const stepMs of [40, 200, 500]) {
      const looks = Array.from({ length: 12 }, (_, i): Look => {
        const seconds = (i * stepMs) / 1000;
        return [i * stepMs, [person(0.1 + 0.05 * seconds, 0.8, 0.5 - 0.02 * seconds)]];
      });
      const velocity = follow(looks).at(-1)?.[0]?.velocity;
      expect(velocity?.[0]).toBeCloseTo(0.05, 4);
      expect(velocity?.[1]).toBeCloseTo(-0.02, 4);
    }
  });

  test('a long path keeps its corner, its start and its newest point in 32', () => {
    const along = Array.from({ length: 60 }, (_, i) => person(0.1 + i * 0.01, 0.8, 0.1));
    const down = Array.from({ length: 50 }, (_, i) => person(0.69, 0.8, 0.11 + i * 0.01));
    const track = follow([...along, ...down].map((d, i) => [i * 100, [d]])).at(-1)?.[0];
    expect(track?.path).toHaveLength(32);
    const rounded = track?.path.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`);
    expect(rounded?.[0]).toBe('0.15 0.40');
    expect(rounded?.at(-1)).toBe('0.74 0.90');
    expect(rounded).toContain('0.74 0.40');
  });
});

describe('several objects', () => {
  test('of two candidates the best overlap wins, and the other becomes its own track', () => {
    const steps = follow([
      [0, [person(0.1)]],
      [200, [person(0.155), person(0.11)]],
    ]);
    expect(steps[1]?.map(({ id, box }) => [id, box[0]])).toEqual([
      [1, 0.11],
      [2, 0.155],
    ]);
  });

  test('a person and the same person seen half make one track, not two alerts', () => {
    const legs: Detection = { label: 'person', score: 0.7, box: [0.11, 0.65, 0.08, 0.15] };
    const steps = follow([
      [0, [person(0.1), legs]],
      [200, [legs, person(0.1)]],
    ]);
    expect(steps.map((tracks) => tracks.map(({ id, box }) => [id, box[3]]))).toEqual([
      [[1, 0.3]],
      [[1, 0.3]],
    ]);
  });

  test('who walks past fast keeps the number, though the boxes of two frames hardly overlap', () => {
    const steps = follow([0.1, 0.16, 0.23, 0.31, 0.4].map((x, i) => [i * 200, [person(x)]]));
    expect(steps.at(-1)?.map(({ id }) => id)).toEqual([1]);
  });

  test('a car where a person stood is another object', () => {
    const car: Detection = { ...person(0.1), label: 'car' };
    const steps = follow([
      [0, [person(0.1)]],
      [200, [car]],
    ]);
    expect(steps[1]?.map(({ id, label }) => [id, label])).toEqual([
      [1, 'person'],
      [2, 'car'],
    ]);
  });

  test('after a lost source nothing is open and no number comes twice', () => {
    const [before] = trackerStep(initialTracker(), [person(0.1), person(0.6)], 0);
    const [, tracks] = trackerStep(forgetTracks(before), [person(0.1)], 60_000);
    expect(summary(tracks)).toEqual([{ id: 3, confirmed: false, ended: false }]);
  });
});

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const box: fc.Arbitrary<Box> = fc
  .tuple(unit, unit, unit, unit)
  .map(([x, y, w, h]) => [x, y, (1 - x) * w, (1 - y) * h]);
const detection = fc.record({ label: fc.constantFrom('person', 'car'), score: unit, box });
/** From the look before on: most within seconds, some the same frame again, too late, or an hour later. */
const waits = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3_600_000, max: 0 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 3_600_000) },
);
const looks = fc.array(fc.tuple(waits, fc.array(detection, { maxLength: 5 })), { maxLength: 40 });

test('whatever is seen, and in whatever order, each number has one unbroken life, each detection one track at most', () => {
  fc.assert(
    fc.property(looks, (steps) => {
      let state = initialTracker();
      let at = 0;
      let newest = Number.NEGATIVE_INFINITY;
      const over = new Set<number>();
      const sizes: [number, number][] = [];
      for (const [waitMs, detections] of steps) {
        at += waitMs;
        const isNewer = at > newest;
        newest = Math.max(newest, at);
        const before = structuredClone(state);
        const [next, tracks] = trackerStep(state, detections, at);
        expect(state).toEqual(before);
        expect(new Set(tracks.map(({ id }) => id)).size).toBe(tracks.length);
        for (const { id, ended, confirmed, score, path, firstSeen, lastSeen } of tracks) {
          expect(over.has(id)).toBe(false);
          if (ended) over.add(id);
          expect(ended && !confirmed).toBe(false);
          expect(path.length).toBeLessThanOrEqual(32);
          expect(score.current).toBeLessThanOrEqual(score.best);
          expect(firstSeen).toBeLessThanOrEqual(lastSeen);
        }
        const seenNow = tracks.filter(({ lastSeen }) => lastSeen === at);
        if (isNewer) sizes.push([seenNow.length, detections.length]);
        state = next;
      }
      for (const [seen, given] of sizes) expect(seen).toBeLessThanOrEqual(given);
    }),
  );
});
