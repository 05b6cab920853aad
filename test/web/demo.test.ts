import { expect, test, vi } from 'vitest';
import { startFalconet } from '../helpers/falconet.ts';

test('falconet demo opens onto the page, and says where it is', { timeout: 120_000 }, async () => {
  const demo = startFalconet(['demo', '--json', '--port', '0', '--page-port', '0']);
  const url = await vi.waitFor(
    () => {
      const line = demo
        .output()
        .stderr.split('\n')
        .find((one) => one.includes('open this in a browser'));
      if (line === undefined) throw new Error('expected the address');
      return (JSON.parse(line) as { url: string }).url;
    },
    { timeout: 90_000, interval: 200 },
  );
  const facts = await (await fetch(`${url}api/gateway`)).json();
  expect(facts).toMatchObject({ gateway: 'demo', model: 'tiny-ssd' });
  demo.kill('SIGTERM');
  expect((await demo.finished).exitCode).toBe(0);
});
