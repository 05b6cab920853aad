import { bridgeAvailability, cameraAvailability } from './availability.ts';
import type { CameraPartsOptions, Parts } from './parts.ts';

/** What was quiet or switched off was not lost. */
const DROPPED = [
  '{{ (value_json.frames.dropped.values() | sum)',
  "- value_json.frames.dropped.get('gated', 0)",
  "- value_json.frames.dropped.get('off', 0) }}",
].join(' ');

/** How the camera is doing. Whether and why it is away is told while it is, too, so that hangs on the gateway alone. */
export function stateParts({ baseTopic, camera }: CameraPartsOptions): Parts {
  const ofState = { state_topic: `${baseTopic}/camera/${camera}/state`, entity_category: 'diagnostic' };
  const always = bridgeAvailability(baseTopic);
  const whileSeen = cameraAvailability(baseTopic, camera);
  return {
    connection: {
      platform: 'binary_sensor',
      name: 'Connection',
      device_class: 'connectivity',
      ...ofState,
      value_template: "{{ 'ON' if value_json.state == 'online' else 'OFF' }}",
      ...always,
    },
    reason: {
      platform: 'sensor',
      name: 'Reason',
      icon: 'mdi:information-outline',
      ...ofState,
      value_template: '{{ value_json.reason }}',
      ...always,
    },
    fps: {
      platform: 'sensor',
      name: 'Frame rate',
      icon: 'mdi:speedometer',
      unit_of_measurement: 'fps',
      state_class: 'measurement',
      ...ofState,
      value_template: '{{ value_json.fps }}',
      ...whileSeen,
    },
    dropped: {
      platform: 'sensor',
      name: 'Dropped frames',
      icon: 'mdi:image-remove',
      state_class: 'total_increasing',
      ...ofState,
      value_template: DROPPED,
      ...whileSeen,
    },
  };
}
