import { parse } from 'yaml';
import type { z } from 'zod';
import { parseConfig } from '../load.ts';
import type { configSchema } from '../schema.ts';
import { standIns } from '../stand-in.ts';

/** A falconet.yaml as it is written: without defaults, placeholders in their places. */
export type WrittenConfig = z.input<typeof configSchema>;

/**
 * A configuration as it is written, after all that `parseConfig` checks. Placeholders stay: a variable need not be set
 * and a secret's file need not be there.
 *
 * @throws CONFIG_INVALID with all mistakes at once.
 */
export function readWritten(
  text: string,
  options: { readonly name: string; readonly folder: string },
): WrittenConfig {
  parseConfig(text, {
    ...options,
    environment: process.env,
    ...standIns,
  });
  return parse(text) as WrittenConfig;
}
