import { bridgeAvailability } from './availability.ts';
import type { Part } from './component.ts';

/** Every entity of the gateway itself. */
export function gatewayParts(baseTopic: string): Record<string, Part> {
  const whileThere = bridgeAvailability(baseTopic);
  const ofHealth = {
    state_topic: `${baseTopic}/bridge/health`,
    entity_category: 'diagnostic',
    state_class: 'measurement',
    ...whileThere,
  };
  const asked = (verb: string) => ({
    command_topic: `${baseTopic}/bridge/request/${verb}`,
    payload_press: '{}',
    entity_category: 'config',
    ...whileThere,
  });
  return {
    // It says itself that it is away, so it is always available.
    connection: {
      platform: 'binary_sensor',
      name: 'Connection',
      device_class: 'connectivity',
      entity_category: 'diagnostic',
      state_topic: `${baseTopic}/bridge/state`,
      value_template: "{{ 'ON' if value_json.state == 'online' else 'OFF' }}",
    },
    memory: {
      platform: 'sensor',
      name: 'Memory',
      device_class: 'data_size',
      unit_of_measurement: 'MB',
      ...ofHealth,
      value_template: '{{ value_json.memory.process_mb }}',
    },
    load: {
      platform: 'sensor',
      name: 'Load',
      icon: 'mdi:gauge',
      ...ofHealth,
      value_template: '{{ value_json.load[0] }}',
    },
    restart: { platform: 'button', name: 'Restart', device_class: 'restart', ...asked('restart') },
    reload: {
      platform: 'button',
      name: 'Reload configuration',
      icon: 'mdi:file-refresh',
      ...asked('reload'),
    },
  };
}
