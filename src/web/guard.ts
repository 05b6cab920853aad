import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../core/loopback.ts';

/**
 * Nothing on the page comes from elsewhere or runs from a text (W3C Content Security Policy 3). Pictures and video made
 * in the page are `blob:`.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
];
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
} as const;

export interface GuardOptions {
  readonly isOpen: boolean;
  readonly frameAncestors: readonly string[];
}

/**
 * Gives each answer its headers, and refuses what another site's page sends on behalf of who looks at both: anything
 * but reading, and a WebSocket, has to say that it comes from this page (OWASP, "Cross-Site Request Forgery
 * Prevention"). Where nobody logs in, also whoever reached us by a name that is not this machine's, since any site can
 * give its own name our address (DNS rebinding).
 *
 * The page shows in no frame but one of its own, and of those sites that are named: a site that frames it could lay
 * something else over it for people to click on (OWASP, "Clickjacking Defense").
 *
 * @param isOpen - nobody logs in.
 * @param frameAncestors - origins, such as `http://127.0.0.1:1880`.
 */
export function guard({ isOpen, frameAncestors }: GuardOptions) {
  const policy = [...POLICY, `frame-ancestors ${["'self'", ...frameAncestors].join(' ')}`].join('; ');
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    reply.headers({ ...HEADERS, 'content-security-policy': policy });
    const { host = '', upgrade } = request.headers;
    if (isOpen && !isLoopback(hostName(host))) {
      return reply.code(421).send({ error: 'expected 127.0.0.1 or localhost as the name of this machine' });
    }
    const isReading = (request.method === 'GET' || request.method === 'HEAD') && upgrade === undefined;
    if (!isReading && !isOfThisPage(request)) {
      return reply.code(403).send({ error: 'expected a request of this page' });
    }
    return undefined;
  };
}

/** By its `Origin`. One without TLS is not of a page with it; before a proxy that adds TLS it is the other way round. */
function isOfThisPage({ headers: { origin = '', host = '' }, protocol }: FastifyRequest): boolean {
  const from = URL.parse(origin);
  const isSafe = protocol === 'http' || from?.protocol === 'https:';
  return isSafe && host !== '' && from?.host === host.toLowerCase();
}

/** Without its port and brackets. */
function hostName(host: string): string {
  return URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
}
