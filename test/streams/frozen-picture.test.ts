import { expect, test } from 'vitest';
import { type FrozenVerdict, initialStillness, stillnessStep } from '../../src/streams/frozen-picture.ts';

const SIZE = 30;
const BRIGHT = new Uint8Array(SIZE).fill(120);
const DARK = new Uint8Array(SIZE).fill(12);
/** One bit differs from BRIGHT. */
const NOISE = BRIGHT.with(17, 121);

/** Verdicts on pictures that come every `everyMs`, with 10 s of patience. */
function verdicts(pictures: readonly Uint8Array[], everyMs = 1_000): FrozenVerdict[] {
  let state = initialStillness();
  return pictures.map((data, i) => {
    const [next, verdict] = stillnessStep(state, { data, wallTime: i * everyMs }, { afterMs: 10_000 });
    state = next;
    return verdict;
  });
}

const times = (count: number, data: Uint8Array): Uint8Array[] => Array.from({ length: count }, () => data);

test('one and the same picture is an alarm after so long, and again after as long', () => {
  const found = verdicts(times(32, BRIGHT));
  expect(found.flatMap((verdict, i) => (verdict === 'alarm' ? [i] : []))).toEqual([10, 20, 30]);
  expect(found.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'live'));
  expect(found.slice(11, 20)).toEqual(Array.from({ length: 9 }, () => 'frozen'));
});

test('one bit of noise within the time is life, and ends a frozen picture', () => {
  const quiet = Array.from({ length: 60 }, (_, i) => (i % 9 === 0 ? NOISE : BRIGHT));
  expect(new Set(verdicts(quiet))).toEqual(new Set(['live']));
  expect(verdicts([...times(12, BRIGHT), NOISE, NOISE]).slice(-3)).toEqual(['frozen', 'live', 'live']);
});

test('a black night is not frozen', () => {
  expect(new Set(verdicts(times(60, DARK)))).toEqual(new Set(['live']));
});

test('a camera that sends a picture a minute has five of them before it is judged', () => {
  expect(verdicts(times(6, BRIGHT), 60_000)).toEqual(['live', 'live', 'live', 'live', 'alarm', 'frozen']);
});

test('pictures between two looks are what the camera was', () => {
  const found = verdicts(times(120, BRIGHT), 100);
  expect(found.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 'live'));
  expect(found[100]).toBe('alarm');
  expect(new Set(found.slice(101))).toEqual(new Set(['frozen']));
});
