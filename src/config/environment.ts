/** What stands for `${NAME}` in a configuration; a name without a value is a mistake. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Replaced {
  readonly value: unknown;
  readonly missing: readonly { readonly path: readonly PropertyKey[]; readonly name: string }[];
}

const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** What stands before the `@` of a URL. */
const USER_PART = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

/**
 * Replaces `${NAME}` in every string of a parsed document, never in the text, so that a value cannot
 * change the structure. In a URL's user part the value is percent-encoded.
 */
export function fillPlaceholders(
  value: unknown,
  environment: Environment,
  path: readonly PropertyKey[] = [],
): Replaced {
  if (typeof value === 'string') return fillString(value, environment, path);
  if (typeof value !== 'object' || value === null) return { value, missing: [] };
  const entries = Object.entries(value).map(([key, inner]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return [key, fillPlaceholders(inner, environment, [...path, step])] as const;
  });
  return {
    value: Array.isArray(value)
      ? entries.map(([, filled]) => filled.value)
      : Object.fromEntries(entries.map(([key, filled]) => [key, filled.value])),
    missing: entries.flatMap(([, filled]) => filled.missing),
  };
}

function fillString(text: string, environment: Environment, path: readonly PropertyKey[]): Replaced {
  const missing: { path: readonly PropertyKey[]; name: string }[] = [];
  const fill = (part: string, encode: (value: string) => string): string =>
    part.replace(PLACEHOLDER, (whole, name: string) => {
      const found = environment[name];
      if (found !== undefined) return encode(found);
      missing.push({ path, name });
      return whole;
    });
  const user = USER_PART.exec(text);
  if (user === null) return { value: fill(text, String), missing };
  const [whole, scheme = '', credentials = ''] = user;
  const value = `${scheme}${fill(credentials, encodeURIComponent)}@${fill(text.slice(whole.length), String)}`;
  return { value, missing };
}
