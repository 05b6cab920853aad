import type { Detector } from '../../core/detection.ts';
import { packageVersion } from '../../core/package-version.ts';
import type { SinkSet } from '../../sinks/sink-set.ts';
import type { Asked, Series } from './asked.ts';
import { type ChildFigures, childrenOf } from './children.ts';

/** Where the figures of a gateway come from. */
export interface GatewayFigures {
  readonly gateway: string;
  readonly detector: Pick<Detector, 'model' | 'engine' | 'processes' | 'restarts'>;
  readonly queues: SinkSet['queues'];
}

/** Figures of the gateway as a whole, its children and its sinks. */
export function gatewayMetrics(asked: Asked, figures: () => GatewayFigures): void {
  const labels = ['version', 'gateway', 'model', 'engine', 'engine_version', 'processes'];
  asked.gauge('falconet_info', 'What runs', labels, () => [[infoOf(figures()), 1]]);
  asked.counter(
    'falconet_engine_restarts_total',
    'How often an engine process that had died was started again',
    [],
    () => [[{}, figures().detector.restarts ?? 0]],
  );
  childMetrics(asked);
  sinkMetrics(asked, () => figures().queues);
}

function infoOf({ gateway, detector: { model, engine, processes } }: GatewayFigures) {
  const { name, version } = engine;
  return {
    version: packageVersion,
    gateway,
    model: model.name,
    engine: name,
    engine_version: version,
    processes,
  };
}

/** On Linux only: /proc tells them. */
function childMetrics({ gauge }: Asked): void {
  /** Under way: both figures are of one look. */
  let looking: Promise<ChildFigures[]> | undefined;
  const each = (of: (child: ChildFigures) => number) => async (): Promise<Series[]> => {
    looking ??= childrenOf(process.pid).finally(() => {
      looking = undefined;
    });
    return (await looking).map((child) => [{ program: child.program }, of(child)]);
  };
  gauge(
    'falconet_children',
    'Processes that the gateway has started and that run; absent where there is no /proc',
    ['program'],
    each(() => 1),
  );
  gauge(
    'falconet_children_resident_memory_bytes',
    'Resident memory of all children of a program; absent where there is no /proc',
    ['program'],
    each(({ residentBytes }) => residentBytes),
  );
}

function sinkMetrics({ counter, gauge }: Asked, queues: () => GatewayFigures['queues']): void {
  const each = (of: (queue: GatewayFigures['queues'][number]) => number) => (): Series[] =>
    queues().map((queue) => [{ sink: queue.name }, of(queue)]);
  gauge(
    'falconet_sink_waiting',
    'Deliveries that wait for a sink or are being written',
    ['sink'],
    each(({ size }) => size),
  );
  counter(
    'falconet_sink_dropped_total',
    'Deliveries given up: too many or too old',
    ['sink'],
    each(({ dropped }) => dropped),
  );
  counter(
    'falconet_sink_failed_total',
    'Deliveries that a sink could not write',
    ['sink'],
    each(({ failed }) => failed),
  );
}
