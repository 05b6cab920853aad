import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, medianInterval } from '../../../src/cli/bench/summary.ts';

describe('a figure of a bench', () => {
  test.each([
    { name: 'nothing', figures: [], expected: Number.NaN },
    { name: 'one', figures: [3], expected: 3 },
    { name: 'an odd number, unsorted', figures: [9, 1, 4], expected: 4 },
    { name: 'an even number', figures: [1, 10, 2, 4], expected: 3 },
  ])('is the median of $name', ({ figures, expected }) => {
    expect(median(figures)).toBe(expected);
  });

  test.each([
    // Ranks of the sign test at 95 % from its table (n: k).
    { n: 5, k: 1 },
    { n: 6, k: 1 },
    { n: 8, k: 1 },
    { n: 9, k: 2 },
    { n: 11, k: 2 },
    { n: 12, k: 3 },
    { n: 20, k: 6 },
  ])('of $n pairs lies between the ranks that the sign test gives', ({ n, k }) => {
    const figures = Array.from({ length: n }, (_, i) => i + 1);
    expect(medianInterval(figures)).toEqual([k, n + 1 - k]);
  });

  test('lies within its own interval', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (figures) => {
        const [low, high] = medianInterval(figures);
        expect(low).toBeLessThanOrEqual(median(figures));
        expect(high).toBeGreaterThanOrEqual(median(figures));
      }),
    );
  });
});
