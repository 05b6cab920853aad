import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../../config/load.ts';
import { addressOf } from '../../config/schema/address.ts';
import { isOutage, type StateReport } from '../../core/camera-state.ts';
import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/error.ts';
import type { Log } from '../../core/log.ts';
import type { Tally } from '../../core/tally.ts';
import type { Outlet } from '../../pipeline/hand-over.ts';
import type { CameraMetrics } from './camera-metrics.ts';
import type { GatewayFigures } from './gateway-metrics.ts';
import type { Figures } from './registry.ts';
import { type MetricsServer, startMetricsServer } from './server.ts';

export interface MetricsHostOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Asked with each scrape. */
  readonly figures: () => GatewayFigures;
}

/**
 * A gateway's figures over reloads. They are counted from when the configuration first wants them, and on while they
 * are served anew, or not at all.
 */
export interface MetricsHost extends Pick<CameraMetrics, 'onFrame' | 'onShown'> {
  /** Hears events, states and tallies. */
  readonly outlet: Outlet;
  /** Where they are served; undefined while they are not. */
  readonly port: number | undefined;
  /** Serves them as the configuration wants it. Where that fails, the log says so, and the cameras go on. */
  use(loaded: LoadedConfig): Promise<void>;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

export function metricsHost(options: MetricsHostOptions): MetricsHost {
  const { log } = options;
  const states = new Map<string, StateReport>();
  const tallies = new Map<string, Tally>();
  let figures: Figures | undefined;
  let served: { readonly by: unknown; readonly server: MetricsServer } | undefined;

  function hear(report: StateReport): void {
    const { camera, state } = report;
    if (isOutage(states.get(camera), report)) figures?.onOutage(camera);
    if (state !== 'disabled') states.set(camera, report);
    else for (const known of [states, tallies]) known.delete(camera);
  }

  function notReady(): string | undefined {
    const isWell = states.size === 0 || [...states.values()].some(({ state }) => state === 'online');
    return isWell ? undefined : 'no camera is online';
  }

  /** Loaded where it is wanted: Prometheus' client takes 12 MB. */
  async function opened(): Promise<Figures> {
    const { openFigures } = await import('./registry.ts');
    figures ??= openFigures({ ...options, states, tallies });
    return figures;
  }

  async function close(): Promise<void> {
    const closing = served;
    served = undefined;
    await closing?.server.close();
  }

  return {
    outlet: {
      push: ({ event }) => figures?.onEvent(event),
      state: hear,
      tally(camera, tally) {
        if (tally === undefined) tallies.delete(camera);
        else tallies.set(camera, tally);
      },
    },
    onFrame: (report) => figures?.onFrame(report),
    onShown: (frame) => figures?.onShown(frame),
    get port() {
      return served?.server.port;
    },
    async use({ config: { metrics } }) {
      if (served !== undefined && isDeepStrictEqual(served.by, metrics)) return;
      await close();
      if (metrics === undefined) return;
      const { host, port } = addressOf(metrics.listen);
      try {
        const { text, contentType } = await opened();
        const { token } = metrics;
        const server = await startMetricsServer({ host, port, token, metrics: text, contentType, notReady });
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
