import { isSecretName } from '../config/secrets.ts';
import { redact } from '../core/redact.ts';

const HIDDEN = '***';

/** A configuration as anybody may see it: the values of keys that name a secret, and secrets within texts, are hidden. */
export function shownConfig(config: object, secrets: readonly string[]): Record<string, unknown> {
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value, secrets);
    if (Array.isArray(value)) return value.map(shown);
    return typeof value === 'object' && value !== null ? shownBlock(value) : value;
  };
  const shownBlock = (block: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(block)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, isSecretName(key) ? HIDDEN : shown(value)]),
    );
  return shownBlock(config);
}
