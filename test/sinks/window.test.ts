import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slidingWindow } from '../../src/sinks/window.ts';

test('never more at once than the window, each in its turn, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.record({ turns: fc.nat(3), fails: fc.boolean() }), { maxLength: 30 }),
      async (size, tasks) => {
        const inWindow = slidingWindow(size);
        const started: number[] = [];
        let running = 0;
        const outcomes = await Promise.allSettled(
          tasks.map(({ turns, fails }, index) =>
            inWindow.run(async () => {
              started.push(index);
              running += 1;
              expect(running).toBeLessThanOrEqual(size);
              for (let turn = 0; turn < turns; turn++) await null;
              running -= 1;
              if (fails) throw new Error('no');
              return index;
            }),
          ),
        );
        expect(started).toEqual(tasks.map((_, index) => index));
        expect(outcomes.map(({ status }) => status)).toEqual(
          tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
        );
      },
    ),
  );
});

test('a window that shrinks lets no other task start until there is room, one that grows starts them at once', async () => {
  const inWindow = slidingWindow(2);
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(() => inWindow.run(() => new Promise<void>((resolve) => ends.push(resolve))));
  await turn();
  expect(ends).toHaveLength(2);
  inWindow.resize(1);
  ends[0]?.();
  await turn();
  expect(ends).toHaveLength(2);
  inWindow.resize(3);
  await turn();
  expect(ends).toHaveLength(4);
  for (const end of ends) end();
  await Promise.all(all);
});
