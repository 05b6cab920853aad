import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Measures how late the event loop comes to a timer of 1 ms; an idle loop has a delay too, to be taken off. */
export function loopDelay(): { take(): number } {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  return {
    /** 99th percentile since the last call, ms. */
    take() {
      const p99 = delays.percentile(99) / 1e6;
      delays.reset();
      return p99;
    },
  };
}
