import { slug } from '../slug.ts';
import { cameraAvailability } from './availability.ts';
import { lineTemplate } from './line-template.ts';
import type { CameraPartsOptions, Parts } from './parts.ts';

/** What goes with every entity of a camera that is to be seen, and where its topics start. */
interface Sight {
  readonly at: string;
  readonly whileSeen: ReturnType<typeof cameraAvailability>;
  /** Of twenty labels that nobody asked for by name few are of use: the user shows those in Home Assistant. */
  readonly shown: { readonly enabled_by_default?: false };
}

/** What is to be seen, of which nothing is known while the camera is away. */
export function sightParts({ baseTopic, camera, info }: CameraPartsOptions): Parts {
  const sight: Sight = {
    at: `${baseTopic}/camera/${camera}`,
    whileSeen: cameraAvailability(baseTopic, camera),
    shown: info.any_label ? { enabled_by_default: false } : {},
  };
  const zones = Object.entries(info.zones).map(([zone, facts]) => zoneParts(zone, facts, sight));
  return Object.assign(
    {},
    info.motion ? motionPart(sight) : {},
    countParts(info.labels, { key: '', name: '', at: sight.at }, sight),
    ...zones,
    ...Object.keys(info.lines).map((line) => linePart(line, sight)),
    ...info.labels.map((label) => imagePart(label, sight)),
  );
}

function motionPart({ at, whileSeen }: Sight): Parts {
  const state = { state_topic: `${at}/motion`, ...whileSeen };
  return { motion: { platform: 'binary_sensor', name: 'Motion', device_class: 'motion', ...state } };
}

interface Place {
  /** Before the key and the name of each of its counts. */
  readonly key: string;
  readonly name: string;
  readonly at: string;
}

function countParts(labels: readonly string[], { key, name, at }: Place, { shown, whileSeen }: Sight): Parts {
  const parts = labels.map((label) => {
    const part = {
      platform: 'sensor',
      name: `${name}${label} count`,
      icon: 'mdi:counter',
      state_class: 'measurement',
      state_topic: `${at}/count/${slug(label)}`,
      ...shown,
      ...whileSeen,
    } as const;
    return [`${key}count.${slug(label)}`, part] as const;
  });
  return Object.fromEntries(parts);
}

function zoneParts(
  zone: string,
  { labels, crowd }: CameraPartsOptions['info']['zones'][string],
  sight: Sight,
): Parts {
  const { whileSeen } = sight;
  const at = `${sight.at}/zone/${zone}`;
  const key = `zone.${zone}.`;
  const occupied = { device_class: 'occupancy', state_topic: `${at}/occupied`, ...whileSeen };
  const crowded = { icon: 'mdi:account-group', state_topic: `${at}/crowded`, ...whileSeen };
  return {
    [`${key}occupied`]: { platform: 'binary_sensor', name: `${zone} occupied`, ...occupied },
    ...(crowd && { [`${key}crowded`]: { platform: 'binary_sensor', name: `${zone} crowded`, ...crowded } }),
    ...countParts(labels, { key, name: `${zone} `, at }, sight),
  };
}

function linePart(line: string, { at, whileSeen }: Sight): Parts {
  return {
    [`line.${line}`]: {
      platform: 'event',
      name: `${line} crossed`,
      icon: 'mdi:arrow-left-right',
      event_types: ['in', 'out'],
      state_topic: `${at}/event`,
      value_template: lineTemplate(line),
      ...whileSeen,
    },
  };
}

function imagePart(label: string, { at, shown, whileSeen }: Sight): Parts {
  return {
    [`image.${slug(label)}`]: {
      platform: 'image',
      name: `Latest ${label}`,
      content_type: 'image/jpeg',
      image_topic: `${at}/image/${slug(label)}`,
      ...shown,
      ...whileSeen,
    },
  };
}
