import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { installed, skipFor } from '../helpers/installed.ts';
import { startNotifySocket } from '../helpers/notify-socket.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const WITHIN = { timeout: 40_000, interval: 100 };

test('a service is ready once cameras can be looked at, and says that it reloads and stops', async (context) => {
  for (const program of ['systemd-notify', 'python3']) {
    if (installed(program) === undefined) skipFor(context, `${program} is not installed`);
  }
  const socket = await startNotifySocket();
  const config = join(tempFolder(), 'falconet.yaml');
  const source = JSON.stringify(join(packageRoot, 'examples/media/demo.mp4'));
  writeFileSync(config, `model: { processes: 1 }\ncameras: { drive: { source: ${source}, loop: true } }\n`);
  const env = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '3000000' };
  const gateway = startFalconet(['run', config], { env });
  await vi.waitFor(() => expect(socket.messages).toContain('WATCHDOG=1'), WITHIN);
  expect(socket.messages[0]).toBe('READY=1');
  expect(gateway.output().stderr).toContain('gateway started');
  gateway.kill('SIGHUP');
  await vi.waitFor(
    () => expect(socket.messages.filter((text) => text === 'READY=1')).toHaveLength(2),
    WITHIN,
  );
  expect(socket.messages).toContain('RELOADING=1');
  gateway.kill('SIGTERM');
  expect((await gateway.finished).exitCode).toBe(0);
  await vi.waitFor(() => expect(socket.messages).toContain('STOPPING=1'), WITHIN);
}, 90_000);
