import { replaceParameters, secretParameters } from './secret-name.ts';

const HIDDEN = '***';

/**
 * Hides credentials in a text: every secret given, then the user part of every URL (up to the last `@`, since whoever
 * forgets to encode a slash or an `@` forgets it in a password too), then values in addresses whose name is that of a
 * secret, see secret-name.ts.
 *
 * @param secrets - values that must not appear; empty ones are left out.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let safe = text;
  for (const secret of longestFirst(secrets)) safe = safe.replaceAll(secret, HIDDEN);
  return replaceParameters(safe.replace(/:\/\/[^\s"]+/g, withoutUser), HIDDEN);
}

/**
 * The forms in which one set of credentials can leave the process: as it stands, in JSON, in a URL (whose user part
 * has more escapes than a query), and as HTTP Basic would send it.
 */
export function secretForms(password: string, user?: string): string[] {
  const inUrl = new URL('rtsp://host');
  inUrl.username = 'user'; // without one it takes no password
  inUrl.password = encodeURIComponent(password);
  const inJson = JSON.stringify(password).slice(1, -1);
  const forms = [password, inJson, encodeURIComponent(password), inUrl.password];
  if (user !== undefined) forms.push(Buffer.from(`${user}:${password}`).toString('base64'));
  return forms;
}

/**
 * Not by a search for the `@`, whose time grows with the square of a text without blanks. Where a secret of a query or
 * path stands before it, the `@` may be a part of that.
 */
function withoutUser(address: string): string {
  const end = address.lastIndexOf('@');
  if (end < 0) return address;
  const isInside = secretParameters(address.slice(0, end)).length > 0;
  return `://${HIDDEN}${isInside ? '' : address.slice(end)}`;
}

function longestFirst(secrets: Iterable<string>): string[] {
  return [...new Set(secrets)].filter((s) => s.length > 0).sort((a, b) => b.length - a.length);
}
