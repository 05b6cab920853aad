import { percentDecoded } from '../core/percent-decoded.ts';
import { secretForms } from '../core/redact.ts';
import { isSecretName, secretParameters } from '../core/secret-name.ts';

/** A shorter part of an address is a word such as `hook`, and no token. */
const LEAST_TOKEN_CHARACTERS = 16;
/** A shorter value, such as `auth=1`, stands in any line by chance; in its address it is hidden all the same. */
const LEAST_NAMED_CHARACTERS = 3;
/** `scheme://user:password@`: up to the last `@`, since whoever forgets to encode forgets it there too. */
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/([^:@/?#]*):(.+)@/is;

/**
 * Every form in which a secret of a configuration could show, whether it is valid or not: values of keys whose
 * name says so, passwords in URLs, and values in those whose name says so.
 *
 * @param value - the document, placeholders filled.
 */
export function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return secretsOfUrl(value);
  if (typeof value !== 'object' || value === null) return [];
  const user: unknown = 'username' in value ? value.username : undefined;
  const ofWebhook = 'type' in value && value.type === 'webhook' ? secretsOfWebhook(value) : [];
  const ofKeys = Object.entries(value).flatMap(([key, inner]) => {
    if (!isSecretName(key) || typeof inner === 'object') return secretsIn(inner);
    return secretForms(String(inner), typeof user === 'string' ? user : undefined);
  });
  return [...ofWebhook, ...ofKeys];
}

/** Its headers, and what its address names beside the host: many services know a sender by that alone. */
function secretsOfWebhook(webhook: object): string[] {
  const { pathname = '', search = '' } = 'url' in webhook ? (URL.parse(String(webhook.url)) ?? {}) : {};
  const parts = [pathname + search, ...pathname.split('/'), ...new URLSearchParams(search).values()];
  const headers = 'headers' in webhook ? Object.values(webhook.headers ?? {}) : [];
  return [...parts.filter(({ length }) => length >= LEAST_TOKEN_CHARACTERS), ...headers.map(String)].flatMap(
    (secret) => secretForms(secret),
  );
}

function secretsOfUrl(text: string): string[] {
  const [, user = '', password] = URL_PASSWORD.exec(text) ?? [];
  const inUserPart = password === undefined || isPath(password) ? [] : [[password, user] as const];
  const inAddress = isAddress(text) ? secretParameters(text) : [];
  const named = inAddress
    .flatMap((secret) => [secret, secret.replaceAll('+', ' ')]) // as a query has blanks
    .filter(({ length }) => length >= LEAST_NAMED_CHARACTERS)
    .map((secret) => [secret] as const);
  return [...inUserPart, ...named].flatMap(([secret, name]) => [
    ...secretForms(secret, name),
    ...secretForms(percentDecoded(secret), name === undefined ? undefined : percentDecoded(name)),
  ]);
}

function isAddress(text: string): boolean {
  return text.includes('://');
}

/** Not a password, but a port and a path with an `@` in it. */
function isPath(text: string): boolean {
  return /^\d+\//.test(text);
}
