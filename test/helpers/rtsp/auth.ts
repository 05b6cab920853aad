import { createHash, randomBytes } from 'node:crypto';
import type { RtspRequest } from './request.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Guard {
  /** The value of `WWW-Authenticate`. */
  readonly challenge: string;
  isAllowed(request: RtspRequest): boolean;
}

const REALM = 'Falconet test camera';

/** HTTP Basic, as RTSP takes it over (RFC 7617). */
export function basicGuard({ user, password }: Credentials): Guard {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return {
    challenge: `Basic realm="${REALM}"`,
    isAllowed: (request) => request.headers.get('authorization') === expected,
  };
}

/** HTTP Digest with MD5: with `qop=auth` (RFC 7616, section 3.4.1), and without, as RFC 2617 allowed. */
export function digestGuard({ user, password }: Credentials): Guard {
  const nonce = randomBytes(16).toString('hex');
  const isAllowed = (request: RtspRequest): boolean => {
    const given = digestParameters(request.headers.get('authorization') ?? '');
    const a1 = md5(`${user}:${REALM}:${password}`);
    const a2 = md5(`${request.method}:${request.uri}`);
    const middle =
      given['qop'] === undefined ? nonce : `${nonce}:${given['nc']}:${given['cnonce']}:${given['qop']}`;
    return (
      given['username'] === user &&
      given['uri'] === request.uri &&
      given['nonce'] === nonce &&
      given['response'] === md5(`${a1}:${middle}:${a2}`)
    );
  };
  return { challenge: `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5, qop="auth"`, isAllowed };
}

/** Lets everyone in. */
export const openGuard: Guard = { challenge: '', isAllowed: () => true };

function digestParameters(header: string): Record<string, string | undefined> {
  if (!header.startsWith('Digest ')) return {};
  const pairs = header.slice('Digest '.length).matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', quoted, bare]) => [name, quoted?.replace(/\\(.)/g, '$1') ?? bare]),
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
