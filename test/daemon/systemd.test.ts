import { expect, onTestFinished, test, vi } from 'vitest';
import { systemd } from '../../src/daemon/systemd.ts';
import { installed, skipFor } from '../helpers/installed.ts';
import { startNotifySocket } from '../helpers/notify-socket.ts';

const WITHIN = { timeout: 15_000, interval: 20 };

function recorder() {
  const lines: string[] = [];
  const write = (_: object, sentence: string) => void lines.push(sentence);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

test('systemd hears that a service runs, lives, reloads and stops, in this order', async (context) => {
  for (const program of ['systemd-notify', 'python3']) {
    if (installed(program) === undefined) skipFor(context, `${program} is not installed`);
  }
  const socket = await startNotifySocket();
  const { lines, log } = recorder();
  const environment = { ...process.env, NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '600000' };
  const service = systemd({ environment, log });
  onTestFinished(() => service.close());
  service.ready();
  await vi.waitFor(
    () => expect(socket.messages.slice(0, 3)).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1']),
    WITHIN,
  );
  service.close(); // lives no more
  service.reloading();
  service.stopping();
  await vi.waitFor(() => expect(socket.messages.slice(-2)).toEqual(['RELOADING=1', 'STOPPING=1']), WITHIN);
  expect(lines).toEqual([]);
});

test('where nobody asks, nothing is started', () => {
  const { lines, log } = recorder();
  const service = systemd({ environment: {}, log, program: 'no-such-program' });
  service.ready();
  service.stopping();
  service.close();
  expect(lines).toEqual([]);
});

test('a program that is missing is told once, and stops nothing', async () => {
  const { lines, log } = recorder();
  const environment = { NOTIFY_SOCKET: '/nowhere', WATCHDOG_USEC: '30000' };
  const service = systemd({ environment, log, program: 'no-such-program' });
  onTestFinished(() => service.close());
  service.ready();
  service.reloading();
  service.stopping();
  await vi.waitFor(() => expect(lines).toEqual(['systemd could not be told how the gateway is']), WITHIN);
});

test("another process's watchdog gets no ping from this one", async () => {
  const { lines, log } = recorder();
  const environment = { NOTIFY_SOCKET: '/nowhere', WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' };
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const service = systemd({ environment, log, program: 'no-such-program' });
  service.ready();
  expect(vi.getTimerCount()).toBe(0);
  service.close();
  expect(lines).toEqual([]);
});
