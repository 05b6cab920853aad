import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from './load.ts';

const PARTS = [
  'gateway',
  'time_zone',
  'model',
  'ffmpeg',
  'mqtt',
  'sinks',
  'dashboard',
  'metrics',
  'data',
  'log',
] as const;

/** A part of a configuration that can be taken into use by itself. */
export type ConfigPart = (typeof PARTS)[number] | `cameras.${string}`;

/**
 * The parts in which two configurations differ, a camera being one by itself: changed, new or gone. Comments, order
 * and how a default is written make no difference.
 */
export function changedParts(before: LoadedConfig, after: LoadedConfig): ConfigPart[] {
  const names = new Set([...Object.keys(before.config.cameras), ...Object.keys(after.config.cameras)]);
  return [
    ...PARTS.filter((part) => !isDeepStrictEqual(partOf(before, part), partOf(after, part))),
    ...[...names]
      .filter((name) => !isDeepStrictEqual(cameraOf(before, name), cameraOf(after, name)))
      .map((name) => `cameras.${name}` as const),
  ];
}

/** What the files hold that the settings of broker and dashboard name is part of these. */
function partOf(loaded: LoadedConfig, part: (typeof PARTS)[number]): unknown {
  const { config, brokerFiles, dashboardFiles } = loaded;
  if (part === 'mqtt') return [config.mqtt, brokerFiles];
  return part === 'dashboard' ? [config.dashboard, dashboardFiles] : config[part];
}

function cameraOf({ config, sources }: LoadedConfig, name: string): unknown {
  return [config.cameras[name], sources.get(name)];
}
