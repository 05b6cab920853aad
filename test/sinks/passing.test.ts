import { expect, test } from 'vitest';
import { passing } from '../../src/sinks/passing.ts';

test('what is of use now is published while the broker keeps up, and else is gone', async () => {
  const waiting: PromiseWithResolvers<void>[] = [];
  let isConnected = true;
  const { tell } = passing({
    isConnected: () => isConnected,
    publish() {
      const wait = Promise.withResolvers<void>();
      waiting.push(wait);
      return wait.promise;
    },
    most: 2,
  });
  for (let i = 0; i < 5; i++) tell('a', { i });
  expect(waiting).toHaveLength(2);
  waiting[0]?.resolve();
  waiting[1]?.reject(new Error('closed'));
  await new Promise<void>((resolve) => setImmediate(resolve));
  tell('a', {});
  expect(waiting).toHaveLength(3);
  isConnected = false;
  tell('a', {});
  expect(waiting).toHaveLength(3);
});
