import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Role, SessionFacts } from '../core/dashboard.ts';
import type { Log } from '../core/log.ts';
import { createLogin, type Users } from './login.ts';
import { MOST_CHARACTERS } from './password.ts';
import { createSessions, SESSION_MS } from './sessions.ts';

export interface SessionRouteOptions {
  /** Empty: nobody logs in, and everybody may do all. */
  readonly users: Users;
  readonly isTls: boolean;
  /** There is something that an admin may change. */
  readonly hasEditor: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Guesses of one address. */
const GUESSES = { max: 10, timeWindow: 300_000 } as const;
const MOST_ADDRESSES = 5_000;

const CREDENTIALS = {
  type: 'object',
  additionalProperties: false,
  required: ['user', 'password'],
  properties: {
    user: { type: 'string', minLength: 1, maxLength: 100 },
    password: { type: 'string', minLength: 1, maxLength: MOST_CHARACTERS },
  },
} as const;

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `GET`, `POST` and `DELETE /api/session`: who asks, log in, log out. @returns the role of who sends a request. */
export async function sessionRoute(
  app: FastifyInstance,
  { users, isTls, hasEditor, clock, log }: SessionRouteOptions,
): Promise<(request: FastifyRequest) => Role | null> {
  const isOpen = Object.keys(users).length === 0;
  const sessions = createSessions({ clock });
  const login = createLogin(users);
  const nameFor = (request: FastifyRequest): string => cookieName(request.headers.host, isTls);
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: isTls } as const;
  await app.register(cookie);
  await app.register(rateLimit, { global: false, cache: MOST_ADDRESSES });

  const told = (user: string | null, role: Role | null): SessionFacts => ({
    isOpen,
    user,
    role,
    canEdit: hasEditor && role === 'admin',
  });
  const factsOf = (request: FastifyRequest): SessionFacts => {
    const session = isOpen ? undefined : sessions.find(request.cookies[nameFor(request)]);
    return told(session?.user ?? null, isOpen ? 'admin' : (session?.role ?? null));
  };

  app.get('/api/session', async (request) => factsOf(request));
  app.post<{ Body: Credentials }>(
    '/api/session',
    { schema: { body: CREDENTIALS }, config: { rateLimit: GUESSES } },
    async (request, reply) => {
      const { user, password } = request.body;
      const answer = await login(user, password);
      if (answer === 'busy') return reply.code(503).send({ error: 'too many log in at once' });
      if (answer === 'wrong') {
        log.warn({ from: request.ip }, 'somebody gave a wrong name or password for the dashboard');
        return reply.code(401).send({ error: 'expected another name or password' });
      }
      const name = nameFor(request);
      sessions.end(request.cookies[name]);
      reply.setCookie(name, sessions.open(answer), { ...attributes, maxAge: SESSION_MS / 1_000 });
      return told(answer.user, answer.role);
    },
  );
  app.delete('/api/session', async (request, reply) => {
    const name = nameFor(request);
    sessions.end(request.cookies[name]);
    reply.clearCookie(name, attributes);
    return told(null, isOpen ? 'admin' : null);
  });
  return (request) => factsOf(request).role;
}

/**
 * Such as `falconet-8585`, by the port in the address bar: a browser sends a host's cookies to all of its ports (RFC
 * 6265, 8.5), and another gateway, or Node-RED with a page of its own, would take the same name for its own. A browser
 * takes a `__Host-` cookie over TLS only, and from this host alone (RFC 6265bis, 4.1.3).
 */
function cookieName(host: string | undefined, isTls: boolean): string {
  const port = URL.parse(`http://${host}`)?.port ?? '';
  return `${isTls ? '__Host-' : ''}falconet${port === '' ? '' : `-${port}`}`;
}
