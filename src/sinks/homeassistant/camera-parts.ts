import type { CameraInfo } from '../../core/schema/bridge.ts';
import { slug } from '../slug.ts';
import { bridgeAvailability, cameraAvailability } from './availability.ts';
import type { Part } from './component.ts';
import { lineTemplate } from './line-template.ts';

export interface CameraPartsOptions {
  readonly baseTopic: string;
  readonly camera: string;
  readonly info: CameraInfo;
}

/** Every entity of a camera, by a key that stays the same. */
export function cameraParts(options: CameraPartsOptions): Record<string, Part> {
  return { ...stateParts(options), ...sightParts(options), ...switchParts(options) };
}

/** How the camera is doing. These are told of while it is away too, so they hang on the gateway alone. */
function stateParts({ baseTopic, camera }: CameraPartsOptions): Record<string, Part> {
  const ofState = {
    state_topic: `${baseTopic}/camera/${camera}/state`,
    entity_category: 'diagnostic',
  };
  const whileSeen = cameraAvailability(baseTopic, camera);
  return {
    connection: {
      platform: 'binary_sensor',
      name: 'Connection',
      device_class: 'connectivity',
      ...ofState,
      value_template: "{{ 'ON' if value_json.state == 'online' else 'OFF' }}",
      ...bridgeAvailability(baseTopic),
    },
    reason: {
      platform: 'sensor',
      name: 'Reason',
      icon: 'mdi:information-outline',
      ...ofState,
      value_template: '{{ value_json.reason }}',
      ...bridgeAvailability(baseTopic),
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
      // What was quiet or switched off was not lost.
      value_template:
        "{{ (value_json.frames.dropped.values() | sum) - value_json.frames.dropped.get('gated', 0) - value_json.frames.dropped.get('off', 0) }}",
      ...whileSeen,
    },
  };
}

/** What is to be seen, of which nothing is known while the camera is away. */
function sightParts({ baseTopic, camera, info }: CameraPartsOptions): Record<string, Part> {
  const at = `${baseTopic}/camera/${camera}`;
  const whileSeen = cameraAvailability(baseTopic, camera);
  const parts: Record<string, Part> = {};
  /** Of twenty labels that nobody asked for by name, few are of use; the user shows those in Home Assistant. */
  const shown = info.any_label ? { enabled_by_default: false } : {};
  const addCounts = (labels: readonly string[], place: string, prefix: string, name: string): void => {
    for (const label of labels) {
      parts[`${prefix}count.${slug(label)}`] = {
        platform: 'sensor',
        name: `${name}${label} count`,
        icon: 'mdi:counter',
        state_class: 'measurement',
        state_topic: `${place}/count/${slug(label)}`,
        ...shown,
        ...whileSeen,
      };
    }
  };
  if (info.motion) {
    parts['motion'] = {
      platform: 'binary_sensor',
      name: 'Motion',
      device_class: 'motion',
      state_topic: `${at}/motion`,
      ...whileSeen,
    };
  }
  addCounts(info.labels, at, '', '');
  for (const [zone, { labels, crowd }] of Object.entries(info.zones)) {
    const place = `${at}/zone/${zone}`;
    parts[`zone.${zone}.occupied`] = {
      platform: 'binary_sensor',
      name: `${zone} occupied`,
      device_class: 'occupancy',
      state_topic: `${place}/occupied`,
      ...whileSeen,
    };
    if (crowd) {
      parts[`zone.${zone}.crowded`] = {
        platform: 'binary_sensor',
        name: `${zone} crowded`,
        icon: 'mdi:account-group',
        state_topic: `${place}/crowded`,
        ...whileSeen,
      };
    }
    addCounts(labels, place, `zone.${zone}.`, `${zone} `);
  }
  for (const line of Object.keys(info.lines)) {
    parts[`line.${line}`] = {
      platform: 'event',
      name: `${line} crossed`,
      icon: 'mdi:arrow-left-right',
      event_types: ['in', 'out'],
      state_topic: `${at}/event`,
      value_template: lineTemplate(line),
      ...whileSeen,
    };
  }
  for (const label of info.labels) {
    parts[`image.${slug(label)}`] = {
      platform: 'image',
      name: `Latest ${label}`,
      content_type: 'image/jpeg',
      image_topic: `${at}/image/${slug(label)}`,
      ...shown,
      ...whileSeen,
    };
  }
  return parts;
}

/** What can be switched, whether the camera is there or not. */
function switchParts({ baseTopic, camera, info }: CameraPartsOptions): Record<string, Part> {
  const at = `${baseTopic}/camera/${camera}`;
  const parts: Record<string, Part> = {};
  const settable = (name: string) => ({
    entity_category: 'config',
    state_topic: `${at}/${name}/state`,
    command_topic: `${at}/${name}/set`,
    ...bridgeAvailability(baseTopic),
  });
  for (const [key, name, icon] of SWITCHES) {
    if (info.switches[key] === undefined) continue;
    parts[key] = { platform: 'switch', name, icon, ...settable(key) };
  }
  for (const label of Object.keys(info.thresholds)) {
    parts[`threshold.${slug(label)}`] = {
      platform: 'number',
      name: `${label} threshold`,
      icon: 'mdi:tune-vertical',
      min: 0.1,
      max: 1,
      step: 0.01,
      mode: 'slider',
      ...settable(`threshold/${slug(label)}`),
    };
  }
  return parts;
}

const SWITCHES = [
  ['enabled', 'Enabled', 'mdi:cctv'],
  ['detect', 'Detection', 'mdi:eye'],
  ['record', 'Recording', 'mdi:record-rec'],
] as const;
