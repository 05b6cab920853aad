import { z } from 'zod';
import type { CameraSource } from '../core/camera-source.ts';
import { FalconetError } from '../core/error.ts';
import { type BrokerFiles, readBrokerFiles } from './broker-files.ts';
import { type DashboardFiles, readDashboardFiles } from './dashboard-files.ts';
import { camera } from './schema/camera.ts';
import { dashboard } from './schema/dashboard.ts';
import { data } from './schema/data.ts';
import { masks } from './schema/masks.ts';
import { mqtt } from './schema/mqtt.ts';
import { checkZones, leastScore, rules } from './schema/rules.ts';
import { sink } from './schema/sink.ts';
import { key, textOf } from './schema/text.ts';
import { type CameraConfig, configSchema } from './schema.ts';
import { secretsIn } from './secrets.ts';
import { cameraSource } from './source.ts';

/** A relative path that does not leave its folder, as the folder of a gateway has to be. */
export const INSIDE = /^(?![/\\]|[a-z]:|.*(?:^|[/\\])\.\.(?:[/\\]|$))/is;

/** The keys of falconet.yaml that a node's dialog has too, with the same limits and defaults. */
const modelSchema = configSchema.shape.model;
const detectSchema = z.strictObject({ score: leastScore });
const previewSchema = z.strictObject({
  width: z.int().min(64).max(1_280).default(240),
  rate: z.number().min(0.1).max(5).default(1),
});
const gatewaySchema = z.strictObject({
  name: key.default('home'),
  base_topic: mqtt.shape.base_topic,
  folder: textOf(INSIDE, "a folder within Node-RED's").optional(),
  homeassistant: mqtt.shape.homeassistant,
  ...data.omit({ path: true, clips_days: true, clips_gb: true }).shape,
});
const [, fileSink] = sink.options;
const fileOutSchema = fileSink.omit({ type: true });
const ELSEWHERE = 'expected those of objects; privacy masks are drawn in the dialog of the camera';
/** Others would hide nothing: pixels are another node's matter. */
const objectMasks = z.strictObject(masks.pick({ object: true }).shape, {
  error: ({ code }) => (code === 'unrecognized_keys' ? ELSEWHERE : undefined),
});
const rulesSchema = z.strictObject({ ...rules, masks: objectMasks.prefault({}) }).superRefine(checkZones);

export type ModelSettings = z.infer<typeof modelSchema>;
export type DetectSettings = z.infer<typeof detectSchema>;
export type PreviewSettings = z.infer<typeof previewSchema>;
export type GatewaySettings = z.infer<typeof gatewaySchema>;
export type FileOutSettings = z.infer<typeof fileOutSchema>;

/** @throws CONFIG_INVALID with all mistakes at once. */
export function modelSettings(values: unknown): ModelSettings {
  return read(modelSchema, values, 'the model');
}

/**
 * `score` is the least that a detection of a single picture has to have.
 *
 * @throws CONFIG_INVALID with all mistakes at once.
 */
export function detectSettings(values: unknown): DetectSettings {
  return read(detectSchema, values, 'detect');
}

/**
 * `width` in pixels, `rate` in pictures a second.
 *
 * @throws CONFIG_INVALID with all mistakes at once.
 */
export function previewSettings(values: unknown): PreviewSettings {
  return read(previewSchema, values, 'preview');
}

/** @throws CONFIG_INVALID with all mistakes at once. */
export function gatewaySettings(values: unknown): GatewaySettings {
  return read(gatewaySchema, values, 'the gateway');
}

/** @throws CONFIG_INVALID with all mistakes at once. */
export function fileOutSettings(values: unknown): FileOutSettings {
  return read(fileOutSchema, values, 'file out');
}

/** What *dashboard out* serves and how, as the `dashboard` of falconet.yaml would be. */
export interface NodeDashboard {
  readonly settings: z.infer<typeof dashboard>;
  readonly files: DashboardFiles;
}

/**
 * @param folder - where paths of files start.
 * @throws CONFIG_INVALID with all mistakes at once.
 */
export function nodeDashboard(values: unknown, folder: string): NodeDashboard {
  const settings = read(dashboard, values, 'dashboard out');
  const { files, mistakes } = readDashboardFiles({ dashboard: settings }, folder);
  if (mistakes.length > 0) {
    throw mistaken(
      'dashboard out',
      mistakes.map(({ path, message }) => `${path[1]}: ${message}`),
    );
  }
  return { settings, files };
}

/** A broker of a node's dialog, as that of falconet.yaml would be. */
export interface NodeBroker {
  readonly mqtt: z.infer<typeof mqtt>;
  readonly files: BrokerFiles;
  /** Every form in which its password could show. */
  readonly secrets: readonly string[];
}

/**
 * @param folder - where paths of files start.
 * @throws CONFIG_INVALID with all mistakes at once; no message holds a secret.
 */
export function nodeBroker(values: unknown, folder: string): NodeBroker {
  const settings = read(mqtt, values, 'the broker');
  const { files, mistakes } = readBrokerFiles({ mqtt: settings }, folder);
  if (mistakes.length > 0) {
    throw mistaken(
      'the broker',
      mistakes.map(({ path, message }) => `${path[1]}: ${message}`),
    );
  }
  return { mqtt: settings, files, secrets: secretsIn(values) };
}

/** What a camera's objects are held against, of a node's dialog. */
export type NodeRules = z.infer<typeof rulesSchema>;

/** @throws CONFIG_INVALID with all mistakes at once. */
export function nodeRules(values: unknown): NodeRules {
  return read(rulesSchema, values, 'track');
}

/** A camera of a node's dialog, as one of falconet.yaml would be. */
export interface NodeCamera {
  readonly name: string;
  readonly settings: CameraConfig;
  readonly source: CameraSource;
  /** Every form in which its password could show. */
  readonly secrets: readonly string[];
}

/**
 * @param folder - where paths of files start.
 * @throws CONFIG_INVALID with all mistakes at once; no message holds a secret.
 */
export function nodeCamera(name: string, values: unknown, folder: string): NodeCamera {
  const secrets = secretsIn(values);
  read(key, name, 'the name');
  const settings = read(camera, values, name);
  const source = cameraSource(settings, folder);
  if (typeof source === 'string') throw mistaken(name, [`source: ${source}`]);
  return { name, settings, source, secrets };
}

function read<T extends z.ZodType>(schema: T, values: unknown, name: string): z.infer<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw mistaken(
    name,
    parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')),
  );
}

function mistaken(name: string, mistakes: readonly string[]): FalconetError {
  return new FalconetError('CONFIG_INVALID', `${name} has mistakes: ${mistakes.join('; ')}`, {
    hint: 'Open the node and correct what is marked',
  });
}
