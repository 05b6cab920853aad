import type { LoadedConfig } from '../../../src/config/load.ts';
import { silentLog } from '../../../src/core/log.ts';
import { type MetricsHostOptions, metricsHost } from '../../../src/daemon/metrics/metrics.ts';

/** A gateway's figures, with two sinks and an engine. */
export function someMetrics(options: Partial<MetricsHostOptions> = {}) {
  return metricsHost({
    log: silentLog,
    clock: { now: () => 1_000_000 },
    figures: () => ({
      gateway: 'home',
      detector: {
        model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
        engine: { name: 'onnx', version: 'onnxruntime-node 1.30.0' },
        processes: 2,
        restarts: 3,
      },
      queues: [
        { name: 'mqtt', size: 5, dropped: 1, failed: 2 },
        { name: 'file', size: 0, dropped: 0, failed: 0 },
        { name: 'file', size: 7, dropped: 0, failed: 4 },
      ],
    }),
    ...options,
  });
}

/** A configuration as far as figures are concerned. */
export function served(metrics: { listen: string; token?: string } | undefined): LoadedConfig {
  return { config: { metrics } } as LoadedConfig;
}
