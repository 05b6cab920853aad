import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Desk } from '../core/desk.ts';
import type { Log } from '../core/log.ts';
import { brokerPlan } from '../pipeline/broker-plan.ts';
import { filePlan } from '../pipeline/file-plan.ts';
import { expiryS, outboxLimits } from '../pipeline/outbox-limits.ts';
import { mqttSink } from '../sinks/mqtt.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';
import { archivePlans } from './archive-plan.ts';
import { dialectPlans } from './dialect-plans.ts';
import { webhookPlan } from './webhook-plan.ts';

interface SinkTools {
  readonly log: Log;
  readonly clock: Clock;
  /** @default the broker hears nothing of the gateway but its events and states */
  readonly desk?: Desk;
}

/** The sinks that a configuration asks for, MQTT where it names a broker and nothing else, and the event store. */
export function sinkPlans(loaded: LoadedConfig, tools: SinkTools): SinkPlan[] {
  return [...wantedPlans(loaded, tools), ...archivePlans(loaded, tools)];
}

/** Whether requests and switches can be heard. */
export function isHeard(config: Config): boolean {
  return config.mqtt?.requests === true && wantedSinks(config).some(({ type }) => type === 'mqtt');
}

function wantedSinks({ sinks, mqtt }: Config): NonNullable<Config['sinks']> {
  return sinks ?? (mqtt === undefined ? [] : [{ type: 'mqtt' }]);
}

function wantedPlans(
  { config, brokerFiles, folder }: LoadedConfig,
  { log, clock, desk }: SinkTools,
): SinkPlan[] {
  const { mqtt, gateway } = config;
  const expiry = { expiryS: expiryS(config.data) };
  const { maxAgeMs } = outboxLimits(config.data);
  return wantedSinks(config).flatMap((sink): SinkPlan | SinkPlan[] => {
    const { type: name } = sink;
    if (sink.type === 'file') return filePlan(sink, folder, { log, clock });
    if (sink.type === 'webhook') return webhookPlan(sink, { maxAgeMs, log, clock });
    if (mqtt === undefined) throw new TypeError('expected a broker for the mqtt sink, got none');
    const { homeassistant, detections, requests } = mqtt;
    const own: SinkPlan = {
      name,
      key: JSON.stringify([sink, mqtt, brokerFiles, gateway]),
      open: () =>
        mqttSink({
          ...brokerPlan(mqtt, brokerFiles),
          gateway,
          homeassistant,
          detections,
          requests,
          desk,
          ...expiry,
          log,
          clock,
        }),
    };
    return [own, ...dialectPlans({ mqtt, brokerFiles, gateway, ...expiry, log, clock })];
  });
}
