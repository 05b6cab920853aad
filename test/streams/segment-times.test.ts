import { from, lastValueFrom, map, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { monotonic } from '../../src/core/clock.ts';
import { arrivalTimes } from '../../src/streams/segment-times.ts';

/** What is read of lines that come at the times given, ms: each segment with its start and end. */
async function read(...lines: (readonly [at: number, line: string])[]) {
  let now = 0;
  const arriving = from(lines).pipe(
    map(([at, line]) => {
      now = at;
      return line;
    }),
  );
  const listed = arriving.pipe(
    arrivalTimes({ now: () => now }, () => now),
    toArray(),
  );
  const segments = await lastValueFrom(listed, { defaultValue: [] });
  return segments.map(({ name, start, end }) => [name, start, end]);
}

test('a segment ends when the line comes that tells of it, and is as long as it says', async () => {
  expect(
    await read([1_000_000, 'a-0.ts,0.000000,2.000000'], [1_002_500, 'a-1.ts,2.000000,4.500000']),
  ).toEqual([
    ['a-0.ts', 998_000, 1_000_000],
    ['a-1.ts', 1_000_000, 1_002_500],
  ]);
});

test('a line that was held up does not move its segment', async () => {
  const seen = await read([1_000, 'a-0.ts,0.0,1.0'], [2_900, 'a-1.ts,1.0,2.0'], [3_000, 'a-2.ts,2.0,3.0']);
  expect(seen).toEqual([
    ['a-0.ts', 0, 1_000],
    ['a-1.ts', 1_000, 2_000],
    ['a-2.ts', 2_000, 3_000],
  ]);
});

test("a camera whose clock is slow is followed, whole days after its session's start", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => [i * 1_010, `a-${i}.ts,${i - 1},${i}`] as const);
  const seen = await read(...lines.slice(1));
  const [, , end] = seen.at(-1) ?? [];
  expect(Number(end)).toBeGreaterThan(199 * 1_010 - 20 * 10);
});

test('what is no line of a segment list is left out', async () => {
  expect(await read([0, ''], [0, 'frame=12'], [1_000, 'a-0.ts,0,1'])).toEqual([['a-0.ts', 0, 1_000]]);
});

test.each([
  { name: 'forward by an hour', jump: 3_600_000 },
  { name: 'forward by a minute', jump: 60_000 },
  { name: 'back by an hour', jump: -3_600_000 },
])('a segment ends when its line comes, whatever is done to the clock: $name', async ({ jump }) => {
  let steady = 5_000;
  let wall = 1_000_000;
  const clock = monotonic({ now: () => wall }, () => steady);
  const arriving = from(Array.from({ length: 40 }, (_, i) => i)).pipe(
    map((i) => {
      steady += 1_000;
      wall += i === 10 ? 1_000 + jump : 1_000;
      return `a-${i}.ts,${i},${i + 1}`;
    }),
  );
  const late = arriving.pipe(
    arrivalTimes(clock, () => steady),
    map(({ start, end }) => [end - start, clock.now() - end]),
    toArray(),
  );
  const times = await lastValueFrom(late, { defaultValue: [] });
  expect(times).toEqual(Array.from({ length: 40 }, () => [1_000, 0]));
});
