import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { StateReport } from '../core/camera-state.ts';
import { isoTime } from '../core/iso-time.ts';
import type { BridgeHealth } from '../core/schema/bridge.ts';
import type { SinkSet } from '../sinks/sink-set.ts';

export interface BridgeHealthOptions {
  /** ms since the epoch. */
  readonly now: number;
  readonly startedAt: number;
  /** The newest state of each camera. */
  readonly states: Iterable<StateReport>;
  readonly queues: SinkSet['queues'];
}

/** How a gateway is doing: MB are millions of bytes. */
export function bridgeHealth({ now, startedAt, states, queues }: BridgeHealthOptions): BridgeHealth {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    schema: 'falconet/bridge-health/1',
    time: isoTime(now),
    uptime_s: Math.max(0, Math.round((now - startedAt) / 1000)),
    load: [hundredths(one), hundredths(five), hundredths(fifteen)],
    cpus: availableParallelism(),
    memory: {
      process_mb: megabytes(rss),
      heap_mb: megabytes(heapUsed),
      free_mb: megabytes(freemem()),
      total_mb: megabytes(totalmem()),
    },
    sinks: sinkFigures(queues),
    cameras: Object.fromEntries(
      [...states].map(({ camera, state, reason, fps, frames }) => [
        camera,
        { state, reason, fps: hundredths(fps), frames: { ...frames, dropped: { ...frames.dropped } } },
      ]),
    ),
  };
}

/** Events on their way to each sink, and lost since it was opened. */
export function sinkFigures(queues: SinkSet['queues']): BridgeHealth['sinks'] {
  return queues.map(({ name, size, dropped, failed }) => ({ name, waiting: size, dropped, failed }));
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
