import { slug } from '../slug.ts';
import { bridgeAvailability } from './availability.ts';
import type { Part } from './component.ts';
import type { CameraPartsOptions, Parts } from './parts.ts';

const SWITCHES = [
  ['enabled', 'Enabled', 'mdi:cctv'],
  ['detect', 'Detection', 'mdi:eye'],
  ['record', 'Recording', 'mdi:record-rec'],
] as const;

/** From the detector's floor upwards. */
const SCORES = { min: 0.1, max: 1, step: 0.01, mode: 'slider' } as const;

/** What can be set, whether the camera is there or not. */
export function switchParts({ baseTopic, camera, info }: CameraPartsOptions): Parts {
  const at = `${baseTopic}/camera/${camera}`;
  const parts: Record<string, Part> = {};
  const settable = (name: string) => ({
    entity_category: 'config',
    state_topic: `${at}/${name}/state`,
    command_topic: `${at}/${name}/set`,
    ...bridgeAvailability(baseTopic),
  });
  for (const [key, name, icon] of SWITCHES) {
    if (info.switches[key] !== undefined) parts[key] = { platform: 'switch', name, icon, ...settable(key) };
  }
  for (const label of Object.keys(info.thresholds)) {
    const topics = settable(`threshold/${slug(label)}`);
    const looks = { name: `${label} threshold`, icon: 'mdi:tune-vertical', ...SCORES };
    parts[`threshold.${slug(label)}`] = { platform: 'number', ...looks, ...topics };
  }
  return parts;
}
