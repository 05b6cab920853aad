import { INSIDE } from '../node-settings.ts';
import type { WrittenConfig } from './read-written.ts';

type WrittenCamera = WrittenConfig['cameras'][string];

/** What of a configuration has no node, one line each; cameras apart. */
export function configLeftOut(config: WrittenConfig): string[] {
  const { ffmpeg, time_zone, log, model, mqtt, data, sinks = [] } = config;
  return [
    ffmpeg !== undefined && 'ffmpeg.path: the nodes take the ffmpeg on PATH, then the bundled one',
    time_zone !== undefined && 'time_zone: the nodes take that of the machine',
    log !== undefined && "log: the nodes write into Node-RED's log",
    model?.precision !== undefined && 'model.precision: the nodes take what is fastest here',
    ...left('mqtt', mqtt, BROKER_KEYS),
    data?.path !== undefined &&
      !INSIDE.test(data.path) &&
      "data.path: the folder is one within Node-RED's user folder, falconet-data",
    ...moved(config),
    data?.events_days === 'off' && 'data.events_days: dashboard out keeps events where there is a folder',
    ...left('data', data, DATA_KEYS),
    ...sinks.flatMap((sink, at) => sinkLeftOut(`sinks.${at}`, sink)),
    ...left('', config, TOP_KEYS),
  ].filter((line) => line !== false);
}

/** Paths that start at the folder of the file here, and elsewhere there. */
function moved({ model, mqtt, dashboard, cameras, sinks = [] }: WrittenConfig): string[] {
  const paths: Record<string, string | undefined> = {
    'model.path': model?.path?.includes('/') ? model.path : undefined, // else it is a name
    'mqtt.ca': mqtt?.ca,
    'mqtt.cert': mqtt?.cert,
    'mqtt.key': mqtt?.key,
    'dashboard.cert': dashboard?.cert,
    'dashboard.key': dashboard?.key,
    ...Object.fromEntries(
      Object.entries(cameras).map(([name, { source }]) => [`cameras.${name}.source`, source]),
    ),
    ...Object.fromEntries(
      sinks.map((sink, at) => [`sinks.${at}.path`, sink.type === 'file' ? sink.path : undefined]),
    ),
  };
  const places = Object.keys(paths).filter((place) => isRelative(paths[place]));
  if (places.length === 0) return [];
  return [`${places.join(', ')}: a relative path starts at Node-RED's user folder there`];
}

/** Neither absolute, nor an address, a placeholder or the bundled clip. */
function isRelative(path = 'demo'): boolean {
  return path !== 'demo' && !/^([/\\]|[a-z0-9+.-]+:|\$\{)/i.test(path);
}

function sinkLeftOut(place: string, sink: NonNullable<WrittenConfig['sinks']>[number]): string[] {
  if (sink.type === 'mqtt') return [];
  if (sink.type === 'file') return left(place, sink, FILE_KEYS);
  return [`${place}: there is no ${sink.type} node; http request can send what track tells`];
}

/** What of a camera has no place in the nodes. */
export function cameraLeftOut(name: string, camera: WrittenCamera): string[] {
  const { masks, motion } = camera;
  return [
    motion?.enabled !== false && 'motion: the nodes look at every frame as a whole',
    masks?.copy_unmasked !== undefined && 'masks.copy_unmasked: the nodes record nothing',
    masks?.motion !== undefined && 'masks.motion: there is no motion gate',
    camera.frozen_after !== undefined && 'frozen_after: it is 60 s',
    (camera.record ?? camera.clips) !== undefined && 'record, clips: the nodes record nothing',
    ...left('', camera, CAMERA_KEYS),
  ].flatMap((line) => (line === false ? [] : [`camera ${name}: ${line}`]));
}

const BROKER_KEYS = [
  ...['url', 'username', 'password', 'base_topic', 'client_id', 'version', 'homeassistant'],
  ...['ca', 'cert', 'key', 'tls_verify', 'tls_server_name'],
];
const DATA_KEYS = ['path', 'events_days', 'events_gb', 'outbox_hours'];
const FILE_KEYS = ['type', 'path', 'format', 'images', 'max_mb', 'keep_days', 'keep_gb', 'gzip'];
const TOP_KEYS = [
  ...['gateway', 'mqtt', 'model', 'cameras', 'sinks', 'data', 'dashboard'],
  ...['ffmpeg', 'time_zone', 'log'], // told of in their own words
];
const CAMERA_KEYS = [
  ...['source', 'username', 'password', 'fps', 'mode', 'interval', 'hwaccel', 'loop'],
  ...['labels', 'zones', 'lines', 'cooldown', 'schedule'],
  ...['masks', 'motion', 'frozen_after', 'record', 'clips'], // told of in their own words
];

/** Keys that nobody here knows. */
function left(of: string, settings: object | undefined, known: readonly string[]): string[] {
  return Object.keys(settings ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => `${of === '' ? '' : `${of}.`}${key}: the nodes do not have it`);
}
