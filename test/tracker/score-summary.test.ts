import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addScore, firstScore, medianScore } from '../../src/tracker/score-summary.ts';

test('the median of any life is the sorted middle, to half a bin', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(score, fc.array(score, { maxLength: 60 }), (first, rest) => {
      const summary = rest.reduce(addScore, firstScore(first));
      const sorted = [first, ...rest].sort((a, b) => a - b);
      const middle = sorted[Math.ceil(sorted.length / 2) - 1] as number;
      expect(Math.abs(medianScore(summary) - middle)).toBeLessThanOrEqual(0.0025 + 1e-9);
      expect(summary.best).toBe(Math.max(first, ...rest));
    }),
  );
});
