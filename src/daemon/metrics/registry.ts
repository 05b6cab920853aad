import { Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import { type CameraMetrics, cameraMetrics, type Known } from './camera-metrics.ts';
import { type GatewayFigures, gatewayMetrics } from './gateway-metrics.ts';

/** All figures of a gateway, and what counts them. */
export interface Figures extends CameraMetrics {
  readonly contentType: string;
  /** In Prometheus' text form. */
  text(): Promise<string>;
}

export function openFigures(
  options: Known & { readonly clock: Clock; readonly figures: () => GatewayFigures },
): Figures {
  const registry = new Registry();
  gatewayMetrics(registry, options.figures);
  return {
    ...cameraMetrics(registry, options),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
