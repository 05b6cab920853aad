import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../core/log.ts';
import { fileSink } from '../sinks/file.ts';
import { mqttSink } from '../sinks/mqtt.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';

/** The sinks that a configuration asks for: MQTT where it names a broker and nothing else. */
export function sinkPlans({ config, folder }: LoadedConfig, log: Log): SinkPlan[] {
  const { mqtt, gateway } = config;
  const wanted = config.sinks ?? (mqtt === undefined ? [] : [{ type: 'mqtt' as const }]);
  return wanted.map((sink) => {
    const { type: name } = sink;
    if (sink.type === 'file') {
      const { path, images } = sink;
      return { name, key: JSON.stringify(sink), open: () => fileSink({ folder, path, images }) };
    }
    if (mqtt === undefined) throw new TypeError('expected a broker for the mqtt sink, got none');
    return {
      name,
      key: JSON.stringify([sink, mqtt, gateway]),
      open: () => mqttSink({ ...brokerOf(mqtt), gateway, log }),
    };
  });
}

function brokerOf({ url, username, password, base_topic: baseTopic }: NonNullable<Config['mqtt']>) {
  return {
    url,
    baseTopic,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}
