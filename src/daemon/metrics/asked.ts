import { Counter, Gauge, type Registry } from 'prom-client';

/** A value and what tells it from others of its name; those that nothing tells apart are added up. */
export type Series = readonly [labels: Readonly<Record<string, string | number>>, value: number];

type Define = (
  name: string,
  help: string,
  labelNames: readonly string[],
  series: () => Iterable<Series> | Promise<Iterable<Series>>,
) => void;

/** Figures that are known elsewhere, and asked for with each scrape: what is gone there is gone here. */
export interface Asked {
  readonly counter: Define;
  readonly gauge: Define;
}

export function askedFrom(registry: Registry): Asked {
  const defining =
    (Metric: typeof Counter | typeof Gauge): Define =>
    (name, help, labelNames, series) => {
      new Metric({
        name,
        help,
        labelNames,
        registers: [registry],
        async collect(this: Counter | Gauge) {
          const values = await series();
          this.reset();
          for (const [labels, value] of values) this.inc(labels, value);
        },
      });
    };
  return { counter: defining(Counter), gauge: defining(Gauge) };
}
