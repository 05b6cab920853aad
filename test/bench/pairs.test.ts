import { expect, test } from 'vitest';
import { interleave } from '../../bench/lib/pairs.ts';

test('a bench does not favour the contender that comes first', async () => {
  const order: string[] = [];
  const run = (name: string, figure: number) => async () => {
    order.push(name);
    return figure;
  };
  expect(await interleave(run('a', 1), run('b', 2), 3)).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(order.join('')).toBe('abbaab');
});
