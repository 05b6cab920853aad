import type { BrokerFiles } from '../config/broker-files.ts';
import type { Config } from '../config/schema.ts';
import type { MqttSinkOptions } from '../sinks/mqtt.ts';

export type BrokerPlan = Pick<
  MqttSinkOptions,
  'url' | 'baseTopic' | 'version' | 'username' | 'password' | 'clientId' | 'tls'
>;

/** How the broker of a configuration is reached. */
export function brokerPlan(mqtt: NonNullable<Config['mqtt']>, files: BrokerFiles): BrokerPlan {
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
