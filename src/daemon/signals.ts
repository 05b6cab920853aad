import { closeSync, openSync } from 'node:fs';

/** What ends a command, as the shell counts it: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The first SIGINT or SIGTERM asks `stop` to end what runs; a second one ends the process at once.
 *
 * @returns takes the handlers off again.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  let asked = false;
  const handlers = Object.entries(SIGNALS).map(([name, exitCode]) => {
    const signal = name as keyof typeof SIGNALS;
    const handler = (): void => {
      if (asked) process.exit(exitCode);
      asked = true;
      stop(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/**
 * SIGHUP calls `reload`, as it is the custom of daemons; but where it says that the terminal is gone in which the
 * process was started, it calls `stop`. Not on Windows, where a closed console ends the process.
 *
 * @returns takes the handler off again.
 */
export function onHangup({
  reload,
  stop,
}: {
  readonly reload: () => void;
  readonly stop: () => void;
}): () => void {
  if (process.platform === 'win32') return () => {};
  const hadTerminal = process.stdin.isTTY === true; // not under nohup or a supervisor
  const handler = (): void => (hadTerminal && isTerminalGone() ? stop() : reload());
  process.on('SIGHUP', handler);
  return () => void process.off('SIGHUP', handler);
}

/** /dev/tty cannot be opened without a controlling terminal (tty(4): ENXIO). */
function isTerminalGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
