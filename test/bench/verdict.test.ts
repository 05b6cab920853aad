import { expect, test } from 'vitest';
import { verdict } from '../../bench/lib/verdict.ts';
import { summarise } from '../../src/cli/bench/summary.ts';

test.each([
  { name: 'the median reaches it', figures: [1.8, 1.9, 2], target: { atLeast: 1.9 }, is: 'met' },
  { name: 'only its interval does', figures: [1.8, 1.9, 2], target: { atLeast: 2 }, is: 'met' },
  { name: 'nothing does', figures: [1.8, 1.9, 2], target: { atLeast: 2.1 }, is: 'missed' },
  { name: 'the interval stays below', figures: [0.4, 0.5, 0.6], target: { atMost: 0.4 }, is: 'met' },
  { name: 'nothing stays below', figures: [0.4, 0.5, 0.6], target: { atMost: 0.3 }, is: 'missed' },
])('a target is judged by the interval of a figure: $name', ({ figures, target, is }) => {
  expect(verdict(summarise(figures), target)).toContain(`: ${is}`);
});

test('a single figure is its own interval', () => {
  expect(verdict(19.9, { atMost: 20 }, ' ms')).toBe('target 20 ms or less: met');
  expect(verdict(20.1, { atMost: 20 }, ' ms')).toBe('target 20 ms or less: missed');
});
