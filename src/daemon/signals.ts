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
 * Each SIGHUP calls `reload`, as it is the custom of daemons. Not on Windows, where it says that the console closes.
 *
 * @returns takes the handler off again.
 */
export function onReloadSignal(reload: () => void): () => void {
  if (process.platform === 'win32') return () => {};
  process.on('SIGHUP', reload);
  return () => void process.off('SIGHUP', reload);
}
