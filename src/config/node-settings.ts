import { z } from 'zod';
import { FalconetError } from '../core/error.ts';
import { leastScore } from './schema/camera.ts';
import { configSchema } from './schema.ts';

/** The keys of falconet.yaml that a node's dialog has too, with the same limits and defaults. */
const modelSchema = configSchema.shape.model;
const detectSchema = z.strictObject({ score: leastScore });

export type ModelSettings = z.infer<typeof modelSchema>;
export type DetectSettings = z.infer<typeof detectSchema>;

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

function read<T extends z.ZodType>(schema: T, values: unknown, name: string): z.infer<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new FalconetError('CONFIG_INVALID', `${name} has mistakes: ${mistakes.join('; ')}`, {
    hint: 'Open the node and correct what is marked',
  });
}
