import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * 99th percentile of how late the event loop came to a timer of 1 ms over so many ms; an idle loop has a delay too, to
 * be taken off. That timer costs some 35 ms of processor time a second: measure that at another time.
 */
export async function loopDelay(ms: number): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await wait(ms);
  delays.disable();
  return delays.percentile(99) / 1e6;
}
