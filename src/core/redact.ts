const HIDDEN = '***';

/**
 * Hides credentials in a text: every secret given, then the user part of every URL (up to the last `@`, since whoever
 * forgets to encode a slash or an `@` forgets it in a password too), then query values whose key names a password.
 *
 * @param secrets - values that must not appear; empty ones are left out.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let safe = text;
  for (const secret of longestFirst(secrets)) safe = safe.replaceAll(secret, HIDDEN);
  return safe
    .replace(/:\/\/[^\s"]+/g, withoutUser)
    .replace(/([?&](?:password|passwd|pass|pwd|token|secret|key|auth)=)[^&\s'"]+/gi, `$1${HIDDEN}`);
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

/** Not by a search for the `@`, whose time grows with the square of a text without blanks. */
function withoutUser(address: string): string {
  const end = address.lastIndexOf('@');
  return end < 0 ? address : `://${HIDDEN}${address.slice(end)}`;
}

function longestFirst(secrets: Iterable<string>): string[] {
  return [...new Set(secrets)].filter((s) => s.length > 0).sort((a, b) => b.length - a.length);
}
