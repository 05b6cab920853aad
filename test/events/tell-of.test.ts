import { expect, test } from 'vitest';
import type { Judged } from '../../src/core/judged.ts';
import { endAll, initialLives, type LifeState, lifeStep, tellOf } from '../../src/events/life.ts';
import { aTrack } from '../helpers/tracks.ts';

const START = Date.parse('2026-11-24T08:22:54.123Z');
const options = {
  gateway: 'home',
  camera: 'drive',
  run: 'k3f9',
  model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
};
const person = (lastSeen: number, changes: Partial<Judged> = {}): Judged => ({
  track: aTrack({ id: 7, box: [0.4, 0.3, 0.1, 0.2], firstSeen: START, lastSeen }),
  admitted: true,
  happenings: [],
  stays: [],
  crossings: [],
  ...changes,
});

function look(state: LifeState, seconds: number, changes: Partial<Judged> = {}) {
  const time = START + seconds * 1_000;
  const frame = { seq: seconds, width: 640, height: 360, time };
  return lifeStep(state, { judged: [person(time, changes)], frame, now: time }, options);
}

test('what comes later than its frame is an update of its own: numbered on, with what the rules saw meanwhile', () => {
  const [first] = look(initialLives(4), 0);
  const [second, quiet] = look(first, 0.4, { happenings: ['zone-enter:gate'] });
  expect(quiet).toEqual([]); // too soon after the new
  const [third, [image]] = tellOf(second, { track: 7, reason: 'image', now: START + 500 }, options);
  expect(image).toMatchObject({
    type: 'update',
    reason: ['image', 'zone-enter:gate'],
    seq: 1,
    stream_seq: 5,
    time: '2026-11-24T08:22:54.523Z',
    latency_ms: 100,
  });
  const [, [end]] = endAll(third, { now: START + 9_000, reason: 'stopped' }, options);
  expect(end).toMatchObject({ type: 'end', reason: ['stopped'], seq: 2, stream_seq: 6 });
});

test.each(['image', 'clip'] as const)(
  'a late %s, which shows no newer look, holds back no better picture',
  (reason) => {
    const weak = person(START).track;
    const strong = { ...weak, score: { current: 0.9, best: 0.9, median: 0.6 } };
    const seenAt = (seconds: number) => ({ track: { ...strong, lastSeen: START + seconds * 1_000 } });
    const [first] = look(initialLives(), 0);
    const [second, soon] = look(first, 0.4, seenAt(0.4));
    expect(soon).toEqual([]); // too soon after the new
    const [third] = tellOf(second, { track: 7, reason, now: START + 500 }, options);
    const [, [better]] = look(third, 2, seenAt(2));
    expect(better?.reason).toEqual(['better-picture']);
  },
);

test('a large picture of an older frame does not take the place of a better one', () => {
  const at = (seconds: number) => START + seconds * 1_000;
  const seenAt = (seconds: number) => {
    const { track } = person(at(seconds));
    return { track: { ...track, score: { current: 0.9, best: 0.9, median: 0.6 } } };
  };
  const [first] = look(initialLives(), 0);
  const [second, [better]] = look(first, 2, seenAt(2));
  expect(better?.reason).toEqual(['better-picture']);
  const news = { track: 7, reason: 'image', now: at(3) } as const;
  expect(tellOf(second, { ...news, of: at(0) }, options)).toEqual([second, []]);
  const [, [larger]] = tellOf(second, { ...news, of: at(2) }, options);
  expect(larger?.reason).toEqual(['image']);
});

test('what began to stand just before is told with it, not swallowed by it', () => {
  const standing = (seconds: number) => ({
    track: { ...person(START + seconds * 1_000).track, stationary: true },
  });
  const [first] = look(initialLives(), 0);
  const [second, soon] = look(first, 0.4, standing(0.4));
  expect(soon).toEqual([]); // too soon after the new
  const [third, [clip]] = tellOf(second, { track: 7, reason: 'clip', now: START + 500 }, options);
  expect(clip?.reason).toEqual(['clip', 'stationary']);
  expect(look(third, 2, standing(2))[1]).toEqual([]);
});

test('nothing comes after an end, and nothing before a new', () => {
  const [first] = look(initialLives(), 0, { admitted: false });
  expect(tellOf(first, { track: 7, reason: 'clip', now: START }, options)).toEqual([first, []]);
  const [second] = look(initialLives(), 0);
  const [over] = endAll(second, { now: START, reason: 'stopped' }, options);
  expect(tellOf(over, { track: 7, reason: 'clip', now: START }, options)).toEqual([over, []]);
  expect(tellOf(over, { track: 8, reason: 'clip', now: START }, options)).toEqual([over, []]);
});
