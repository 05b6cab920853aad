import type { BrokerFiles } from '../config/broker-files.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { brokerPlan } from '../pipeline/broker-plan.ts';
import { dialectSink } from '../sinks/dialect-sink.ts';
import { cloudevents } from '../sinks/dialects/cloudevents.ts';
import { frigate } from '../sinks/dialects/frigate.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';

export interface DialectPlansOptions {
  readonly mqtt: NonNullable<Config['mqtt']>;
  readonly brokerFiles: BrokerFiles;
  readonly gateway: string;
  /** How long the broker keeps an event for a reader that is away, s. */
  readonly expiryS: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** A sink for each dialect that a configuration asks for. */
export function dialectPlans(options: DialectPlansOptions): SinkPlan[] {
  const { mqtt, brokerFiles, gateway } = options;
  const { frigate_topic: prefix, base_topic: baseTopic } = mqtt;
  const made = { frigate: () => frigate({ prefix }), cloudevents: () => cloudevents({ baseTopic }) };
  return [...new Set(mqtt.dialects)].map((name) => ({
    name,
    place: `mqtt ${name}`,
    takesPictures: name === 'frigate',
    key: JSON.stringify([name, mqtt, brokerFiles, gateway]),
    open: () => dialectSink({ ...options, ...brokerPlan(mqtt, brokerFiles), dialect: made[name]() }),
  }));
}
