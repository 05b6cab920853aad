import { parse } from 'yaml';
import type { z } from 'zod';
import { NOBODYS_HASH } from '../../core/password-hash.ts';
import { parseConfig } from '../load.ts';
import type { configSchema } from '../schema.ts';

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
    standIn: someText,
    readSecret: (path, place) => ({ text: someText(path, place) }),
  });
  return parse(text) as WrittenConfig;
}

/** What a placeholder could stand for: no schema asks more of a text that is mostly secret, but of a hash. */
function someText(name: string, place: readonly PropertyKey[]): string {
  return place.at(-1) === 'password_hash' ? NOBODYS_HASH : name;
}
