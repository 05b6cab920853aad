import { concat, defer, from, retry, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { backoff, backoffMs } from '../../src/streams/backoff.ts';

const waits = { firstMs: 2_500, mostMs: 60_000 };

test('waits double from the first to the longest', () => {
  const counts = [1, 2, 3, 4, 5, 6, 7, 5_000];
  expect(counts.map((count) => backoffMs(count, { ...waits, random: () => 0 }))).toEqual([
    2_500, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000,
  ]);
});

test('chance makes a wait longer by up to a quarter, never shorter', () => {
  expect(backoffMs(1, { ...waits, random: () => 0.5 })).toBe(2_812.5);
  expect(backoffMs(9, { ...waits, random: () => 0.999_999 })).toBeLessThan(75_000);
});

test('with retry, a camera that came back begins again with the first wait', () => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
    const sessions = [[], [], ['a'], [], ['b']].values();
    const session = () => from(sessions.next().value ?? []);
    const camera = concat(
      defer(session),
      throwError(() => new Error('gone')),
    );
    const delay = backoff({ firstMs: 2, mostMs: 50, random: () => 0 });
    const out = camera.pipe(retry({ delay, resetOnSuccess: true }));
    // Waits of 2 and 4, then a; waits of 2 and 4 again, then b.
    expectObservable(out, '13ms !').toBe('6ms a 5ms b');
  });
});
