import { spawn } from 'node:child_process';
import type { Log } from '../core/log.ts';

/** What systemd is told of a service (sd_notify(3)). */
export interface Systemd {
  /** The service runs; from here on it also says at times that it lives, where a watchdog waits for that. */
  ready(): void;
  reloading(): void;
  stopping(): void;
  /** Says no more that it lives. Idempotent. */
  close(): void;
}

export interface SystemdOptions {
  /** Where systemd says how it is told: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The program that tells it. @default 'systemd-notify' */
  readonly program?: string;
}

const NOBODY: Systemd = { ready() {}, reloading() {}, stopping() {}, close() {} };
const PATIENCE_MS = 5_000;
/** A ping may be late by one, and another. */
const PINGS_A_PERIOD = 3;

/**
 * Tells systemd by its own program, since Node has no datagrams on Unix sockets; the unit needs `NotifyAccess=all` for
 * that. Nothing is told where nobody asks for it. A ping comes from the event loop, so a process that hangs sends none
 * and is killed.
 */
export function systemd({ environment, log, program = 'systemd-notify' }: SystemdOptions): Systemd {
  const { NOTIFY_SOCKET: socket, PATH = '' } = environment;
  if (socket === undefined || socket === '') return NOBODY;
  const watchdogMs = watchdogOf(environment);
  let isTelling = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;
  /** One message after the other. */
  let telling: Promise<unknown> = Promise.resolve();

  function tell(message: string): void {
    telling = telling.then(() => run(message));
  }

  function run(message: string): Promise<void> {
    const env = { NOTIFY_SOCKET: socket, PATH };
    return new Promise((resolve) => {
      const child = spawn(program, [message], { stdio: 'ignore', env, timeout: PATIENCE_MS });
      const failed = (why: string): void => {
        const hint = 'Install systemd-notify, and set NotifyAccess=all in the unit';
        if (!hasFailed) log.warn({ why, hint }, 'systemd could not be told how the gateway is');
        hasFailed = true;
        resolve();
      };
      child.once('error', (error) => failed(error.message));
      child.once('close', (exitCode, signal) => {
        if (exitCode === 0) resolve();
        else failed(`${program} ended with ${exitCode ?? signal}`);
      });
    });
  }

  function ping(): void {
    if (isTelling) return; // the one before takes its time
    isTelling = true;
    telling = telling
      .then(() => run('WATCHDOG=1'))
      .finally(() => {
        isTelling = false;
      });
  }

  return {
    ready() {
      tell('READY=1');
      if (watchdogMs === undefined) return;
      timer ??= setInterval(ping, watchdogMs / PINGS_A_PERIOD).unref();
    },
    reloading: () => tell('RELOADING=1'),
    stopping: () => tell('STOPPING=1'),
    close: () => clearInterval(timer),
  };
}

/** ms; undefined where no watchdog waits for this process. */
function watchdogOf({
  WATCHDOG_USEC: usec,
  WATCHDOG_PID: pid,
}: SystemdOptions['environment']): number | undefined {
  const ms = Number(usec) / 1_000;
  const isOurs = pid === undefined || Number(pid) === process.pid;
  return isOurs && Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
