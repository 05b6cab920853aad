import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from '../../src/sinks/turns.ts';

test('a task begins when the one before it of its key has passed or failed, and holds up no other key', async () => {
  const turns = createTurns();
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const passes = new Map<string, () => void>();
  const take = (key: string, name: string) =>
    turns.take(key, async (pass) => {
      begun.push(name);
      passes.set(name, pass);
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      await end.promise;
    });
  const done = ['a1', 'b1', 'a2', 'a3', 'a4'].map((name) => take(name[0] ?? '', name));
  const outcomes = Promise.allSettled(done);
  await turn();
  expect(begun).toEqual(['a1', 'b1']);
  passes.get('a1')?.();
  await turn();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
  ends.get('a2')?.reject(new Error('no'));
  await turn();
  expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  ends.get('a3')?.resolve();
  await turn();
  for (const { resolve } of ends.values()) resolve();
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun.at(-1)).toBe('a4');
});
