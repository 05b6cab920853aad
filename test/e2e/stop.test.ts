import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test('SIGTERM ends a gateway within 5 s, its ffmpeg and engine hung and its broker mute', async (context) => {
  const broker = createServer(() => {}); // takes the connection and never says a word
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void broker.close());
  const address = broker.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const file = join(tempFolder(), 'falconet.yaml');
  writeFileSync(
    file,
    `mqtt: { url: "mqtt://127.0.0.1:${address.port}" }\n` +
      `cameras: { room: { source: ${join(packageRoot, 'examples/media/demo.mp4')}, loop: true } }\n`,
  );
  const gateway = startFalconet(['run', file]);
  await expect.poll(() => gateway.output().stderr, { timeout: 20_000 }).toContain('gateway started');
  await expect.poll(() => processesBelow(gateway.pid)?.length ?? 2, { timeout: 20_000 }).toBe(2);
  const below = processesBelow(gateway.pid) ?? context.skip('finding the children needs /proc');
  for (const { pid } of below) process.kill(pid, 'SIGSTOP');

  const asked = performance.now();
  gateway.kill('SIGTERM');
  const { exitCode } = await gateway.finished;
  expect(performance.now() - asked).toBeLessThan(5_000);
  expect(exitCode).toBe(0);
  for (const { pid } of below) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
