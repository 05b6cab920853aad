import { isSecretName } from '../core/secret-name.ts';

/** What stands for `${NAME}` in a configuration; a name without a value is a mistake. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlaceholderValues {
  readonly environment: Environment;
  /** Text of a file, for `${file:PATH}` at a place of the configuration, or in words what is wrong with it. */
  readonly readSecret: (
    path: string,
    place: readonly PropertyKey[],
  ) => { readonly text: string } | { readonly problem: string };
  /** What a variable that is not set is taken for at a place of the configuration. @default a mistake */
  readonly standIn?: ((name: string, place: readonly PropertyKey[]) => string) | undefined;
}

export interface Filled {
  readonly value: unknown;
  /** Placeholders without a value. */
  readonly gaps: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
  /** Values that no message may hold: of files, and of variables whose name says so. */
  readonly secrets: readonly string[];
}

const PLACEHOLDER = /\$\{(?:([A-Za-z_][A-Za-z0-9_]*)|file:([^}]+))\}/g;
/** What stands before the `@` of a URL; the path of a file in it has slashes of its own. */
const USER_PART = /^([a-z][a-z0-9+.-]*:\/\/)((?:\$\{[^}]*\}|\$(?!\{)|[^/?#$])*)@/i;

/**
 * Replaces `${NAME}` and `${file:PATH}` in every string of a parsed document, never in the text, so that a value
 * cannot change the structure. In a URL's user part the value is percent-encoded.
 */
export function fillPlaceholders(document: unknown, values: PlaceholderValues): Filled {
  const gaps: Filled['gaps'][number][] = [];
  const secrets: string[] = [];

  function lookUp(name: string | undefined, file: string | undefined, path: readonly PropertyKey[]) {
    if (file !== undefined) {
      const found = values.readSecret(file, path);
      if ('text' in found) return keep(found.text);
      gaps.push({ path, message: `expected a file with a secret at ${file}: ${found.problem}` });
      return undefined;
    }
    const found = name === undefined ? undefined : (values.environment[name] ?? values.standIn?.(name, path));
    if (name === undefined || found === undefined) {
      gaps.push({ path, message: `expected the environment variable ${name}, it is not set` });
      return undefined;
    }
    return isSecretName(name) ? keep(found) : found;
  }

  function keep(secret: string): string {
    secrets.push(secret);
    return secret;
  }

  function fillText(text: string, path: readonly PropertyKey[]): string {
    const fill = (part: string, encode: (value: string) => string): string =>
      part.replace(PLACEHOLDER, (whole, name?: string, file?: string) => {
        const found = lookUp(name, file, path);
        return found === undefined ? whole : encode(found);
      });
    const user = USER_PART.exec(text);
    if (user === null) return fill(text, String);
    const [whole, scheme = '', credentials = ''] = user;
    return `${scheme}${fill(credentials, encodeURIComponent)}@${fill(text.slice(whole.length), String)}`;
  }

  function fillAll(value: unknown, path: readonly PropertyKey[]): unknown {
    // Half a surrogate pair has no UTF-8, so it could neither be sent nor percent-encoded.
    if (typeof value === 'string') return fillText(value.toWellFormed(), path);
    if (Array.isArray(value)) return value.map((inner, i) => fillAll(inner, [...path, i]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, fillAll(inner, [...path, key])]),
    );
  }

  return { value: fillAll(document, []), gaps, secrets };
}
