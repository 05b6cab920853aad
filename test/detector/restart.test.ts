import { expect, test } from 'vitest';
import { recentDeaths, restartWaitMs } from '../../src/detector/restart.ts';

test.each([
  { name: 'the first death', deaths: 1, waitMs: 100 },
  { name: 'the second within a minute', deaths: 2, waitMs: 200 },
  { name: 'the fourth', deaths: 4, waitMs: 800 },
  { name: 'the fifth: it is left alone', deaths: 5, waitMs: undefined },
])('an engine process is started again at a growing pace: $name', ({ deaths, waitMs }) => {
  expect(restartWaitMs(deaths)).toBe(waitMs);
});

test('a death is forgiven after a minute', () => {
  expect(recentDeaths([], 60_000)).toEqual([]);
  expect(recentDeaths([0, 1, 59_999], 60_000)).toEqual([1, 59_999]);
});
