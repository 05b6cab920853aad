import { redact } from '../core/redact.ts';
import { isSecretName } from '../core/secret-name.ts';

const HIDDEN = '***';

/** What anybody may see of a block: texts of keys that name a secret, and secrets within texts, are hidden. */
export function withoutSecrets(block: object, secrets: readonly string[]): Record<string, unknown> {
  const shown = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return isSecretName(key) ? HIDDEN : redact(value, secrets);
    if (Array.isArray(value)) return value.map((inner) => shown(inner));
    return typeof value === 'object' && value !== null ? shownBlock(value) : value;
  };
  const shownBlock = (inner: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(inner)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, shown(value, key)]),
    );
  return shownBlock(block);
}
