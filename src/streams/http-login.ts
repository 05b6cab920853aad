import { createHash, randomBytes } from 'node:crypto';

export interface LoginRequest {
  readonly method: string;
  /** Path and query, as on the request's first line. */
  readonly path: string;
  readonly username: string;
  readonly password: string;
  /** How often this challenge has been answered, from 1. */
  readonly count: number;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** Names in the digest scheme and in node:crypto (RFC 7616, section 6.1). */
const HASHES: Readonly<Record<string, string | undefined>> = { MD5: 'md5', 'SHA-256': 'sha256' };

/**
 * The value of `Authorization` that answers a `WWW-Authenticate`: Digest with MD5 or SHA-256 where it is offered
 * (RFC 7616; without `qop`, RFC 2617), else Basic (RFC 7617).
 *
 * @returns undefined when neither is offered.
 */
export function answerChallenge(challenge: string, request: LoginRequest): string | undefined {
  const offers = challengesOf(challenge);
  for (const { scheme, parameters } of offers) {
    const hash = HASHES[(parameters['algorithm'] ?? 'MD5').toUpperCase()];
    if (scheme === 'digest' && hash !== undefined) return digest(parameters, hash, request);
  }
  if (!offers.some(({ scheme }) => scheme === 'basic')) return undefined;
  return `Basic ${Buffer.from(`${request.username}:${request.password}`).toString('base64')}`;
}

function digest(parameters: Parameters, hash: string, request: LoginRequest): string {
  const { method, path, username, password, count } = request;
  const { realm = '', nonce = '', opaque, algorithm, qop } = parameters;
  const digestOf = (text: string): string => createHash(hash).update(text).digest('hex');
  const secret = digestOf(`${username}:${realm}:${password}`);
  const asked = digestOf(`${method}:${path}`);
  const fields = [
    ...[`username="${quoted(username)}"`, `realm="${quoted(realm)}"`, `nonce="${quoted(nonce)}"`],
    `uri="${path}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque="${quoted(opaque)}"`]),
  ];
  if (qop === undefined) {
    fields.push(`response="${digestOf(`${secret}:${nonce}:${asked}`)}"`);
  } else {
    const cnonce = randomBytes(8).toString('hex');
    const nc = count.toString(16).padStart(8, '0');
    const response = digestOf(`${secret}:${nonce}:${nc}:${cnonce}:auth:${asked}`);
    fields.push('qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`, `response="${response}"`);
  }
  return `Digest ${fields.join(', ')}`;
}

interface Offer {
  readonly scheme: string;
  readonly parameters: Parameters;
}

/** Several challenges may share a header, parted by the same commas as their parameters (RFC 9110, 11.6.1). */
function challengesOf(header: string): Offer[] {
  const word = /(?:^|[\s,])([A-Za-z]+)(?=\s+[\w-]+\s*=|\s*(?:,|$))/g;
  const starts = [...withoutQuoted(header).matchAll(word)];
  return starts.map((start, i) => ({
    scheme: (start[1] ?? '').toLowerCase(),
    parameters: parametersOf(header.slice(start.index + start[0].length, starts[i + 1]?.index)),
  }));
}

/** The text with blanks for what stands in quotes, so that positions stay. */
function withoutQuoted(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (part) => '_'.repeat(part.length));
}

function parametersOf(text: string): Parameters {
  const pairs = text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', inQuotes, bare]) => [
      name.toLowerCase(),
      inQuotes?.replaceAll(/\\(.)/g, '$1') ?? bare,
    ]),
  );
}

function quoted(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`);
}
