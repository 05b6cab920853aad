import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import { askedFrom } from './asked.ts';
import { type CameraMetrics, cameraMetrics } from './camera-metrics.ts';
import { cameraStates, type Known } from './camera-states.ts';
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
  const asked = askedFrom(registry);
  collectDefaultMetrics({ register: registry }); // of the process
  gatewayMetrics(asked, options.figures);
  cameraStates(asked, options);
  return {
    ...cameraMetrics(registry, options.clock),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
