import type { BrokerFiles } from '../config/broker-files.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { fileSink } from '../sinks/file.ts';
import { type MqttSinkOptions, mqttSink } from '../sinks/mqtt.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';

type BrokerSettings = Omit<MqttSinkOptions, 'gateway' | 'log' | 'clock'>;

/** The sinks that a configuration asks for: MQTT where it names a broker and nothing else. */
export function sinkPlans(
  { config, brokerFiles, folder }: LoadedConfig,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): SinkPlan[] {
  const { mqtt, gateway } = config;
  const wanted = config.sinks ?? (mqtt === undefined ? [] : [{ type: 'mqtt' as const }]);
  return wanted.map((sink) => {
    const { type: name } = sink;
    if (sink.type === 'file') {
      const { path, images } = sink;
      return { name, key: JSON.stringify(sink), open: () => fileSink({ folder, path, images, clock }) };
    }
    if (mqtt === undefined) throw new TypeError('expected a broker for the mqtt sink, got none');
    return {
      name,
      key: JSON.stringify([sink, mqtt, brokerFiles, gateway]),
      open: () => mqttSink({ ...brokerOf(mqtt, brokerFiles), gateway, log, clock }),
    };
  });
}

/** How the broker of a configuration is reached. */
export function brokerOf(mqtt: NonNullable<Config['mqtt']>, files: BrokerFiles): BrokerSettings {
  const { url, username, password, base_topic: baseTopic, client_id: clientId, version } = mqtt;
  const { tls_verify: verify, tls_server_name: serverName } = mqtt;
  return {
    url,
    baseTopic,
    version,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(clientId !== undefined && { clientId }),
    tls: { ...files, verify, ...(serverName !== undefined && { serverName }) },
  };
}
