import { isDeepStrictEqual } from 'node:util';
import { Registry } from 'prom-client';
import type { LoadedConfig } from '../../config/load.ts';
import { addressOf } from '../../config/schema/address.ts';
import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/error.ts';
import type { Log } from '../../core/log.ts';
import { type CameraMetrics, cameraMetrics } from './camera-metrics.ts';
import { type GatewayFigures, gatewayMetrics } from './gateway-metrics.ts';
import { type MetricsServer, startMetricsServer } from './server.ts';

export interface MetricsHostOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Asked with each scrape. */
  readonly figures: () => GatewayFigures;
}

/** A gateway's figures over reloads: they are counted on while they are served anew, or not at all. */
export interface MetricsHost extends Pick<CameraMetrics, 'outlet' | 'onFrame' | 'onShown'> {
  /** Where they are served; undefined while they are not. */
  readonly port: number | undefined;
  /** Serves them as the configuration wants it. Where that fails, the log says so, and the cameras go on. */
  use(loaded: LoadedConfig): Promise<void>;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

export function metricsHost({ log, clock, figures }: MetricsHostOptions): MetricsHost {
  const registry = new Registry();
  const cameras = cameraMetrics(registry, clock);
  gatewayMetrics(registry, figures);
  let served: { readonly by: unknown; readonly server: MetricsServer } | undefined;

  function notReady(): string | undefined {
    const states = [...cameras.states.values()];
    if (states.length === 0 || states.some(({ state }) => state === 'online')) return undefined;
    return 'no camera is online';
  }

  async function close(): Promise<void> {
    const closing = served;
    served = undefined;
    await closing?.server.close();
  }

  return {
    outlet: cameras.outlet,
    onFrame: cameras.onFrame,
    onShown: cameras.onShown,
    get port() {
      return served?.server.port;
    },
    async use({ config: { metrics } }) {
      if (served !== undefined && isDeepStrictEqual(served.by, metrics)) return;
      await close();
      if (metrics === undefined) return;
      const { host, port } = addressOf(metrics.listen);
      try {
        const server = await startMetricsServer({
          host,
          port,
          token: metrics.token,
          metrics: () => registry.metrics(),
          contentType: registry.contentType,
          notReady,
        });
        served = { by: metrics, server };
        log.info({ host, port: server.port }, 'figures for Prometheus are at /metrics');
      } catch (error) {
        const hint = 'Free the port, or set another one in metrics.listen';
        log.error({ listen: metrics.listen, hint }, `figures cannot be served: ${asError(error).message}`);
      }
    },
    close,
  };
}
