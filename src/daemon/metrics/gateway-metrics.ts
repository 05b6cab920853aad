import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Detector } from '../../core/detection.ts';
import { packageVersion } from '../../core/package-version.ts';
import type { SinkSet } from '../../sinks/sink-set.ts';
import { type ChildFigures, childrenOf } from './children.ts';

/** Where the figures come from, asked with each scrape. */
export interface GatewayFigures {
  readonly gateway: string;
  readonly detector: Pick<Detector, 'model' | 'engine' | 'processes' | 'restarts'>;
  readonly queues: SinkSet['queues'];
}

/** Figures of the gateway as a whole, its children and its sinks. */
export function gatewayMetrics(registry: Registry, figures: () => GatewayFigures): void {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'falconet_info',
    help: 'What runs',
    labelNames: ['version', 'gateway', 'model', 'engine', 'engine_version', 'processes'],
    registers,
    collect() {
      this.reset();
      const { gateway, detector } = figures();
      const { model, engine, processes } = detector;
      this.set(
        {
          version: packageVersion,
          gateway,
          model: model.name,
          engine: engine.name,
          engine_version: engine.version,
          processes,
        },
        1,
      );
    },
  });
  new Counter({
    name: 'falconet_engine_restarts_total',
    help: 'How often an engine process that had died was started again',
    registers,
    collect() {
      this.reset();
      this.inc(figures().detector.restarts ?? 0);
    },
  });
  childMetrics(registry);
  sinkMetrics(registry, () => figures().queues);
}

/** On Linux only: /proc tells them. */
function childMetrics(registry: Registry): void {
  /** Under way: both figures are of one look. */
  let looking: Promise<ChildFigures[]> | undefined;
  const look = (): Promise<ChildFigures[]> => {
    looking ??= childrenOf(process.pid).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const gauge = (name: string, help: string, of: (child: ChildFigures) => number) =>
    new Gauge({
      name,
      help: `${help}; absent where there is no /proc`,
      labelNames: ['program'],
      registers: [registry],
      async collect() {
        const children = await look();
        this.reset();
        for (const child of children) this.inc({ program: child.program }, of(child));
      },
    });
  gauge('falconet_children', 'Processes that the gateway has started and that run', () => 1);
  gauge(
    'falconet_children_resident_memory_bytes',
    'Resident memory of all children of a program',
    ({ residentBytes }) => residentBytes,
  );
}

function sinkMetrics(registry: Registry, queues: () => GatewayFigures['queues']): void {
  const labelNames = ['sink'];
  const registers = [registry];
  new Gauge({
    name: 'falconet_sink_waiting',
    help: 'Deliveries that wait for a sink or are being written',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { name, size } of queues()) this.inc({ sink: name }, size); // two of a name are one series
    },
  });
  const counter = (name: string, help: string, of: (queue: GatewayFigures['queues'][number]) => number) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const queue of queues()) this.inc({ sink: queue.name }, of(queue));
      },
    });
  counter(
    'falconet_sink_dropped_total',
    'Deliveries given up: too many or too old',
    ({ dropped }) => dropped,
  );
  counter('falconet_sink_failed_total', 'Deliveries that a sink could not write', ({ failed }) => failed);
}
