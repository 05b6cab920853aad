import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greatestGood } from '../../../src/cli/bench/most.ts';

test('wherever the limit lies, it is found with few trials, none of them twice', async () => {
  const cases = fc.record({
    truth: fc.integer({ min: 0, max: 64 }),
    guess: fc.integer({ min: -3, max: 100 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ truth, guess }) => {
      const tried: number[] = [];
      const isGood = async (count: number): Promise<boolean> => {
        tried.push(count);
        return count <= truth;
      };
      expect(await greatestGood(isGood, { guess, limit: 64 })).toBe(truth);
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried.every((count) => count >= 1 && count <= 64)).toBe(true);
      expect(tried.length).toBeLessThanOrEqual(13);
    }),
  );
});
