import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Role } from '../core/dashboard.ts';

export interface Session {
  readonly user: string;
  readonly role: Role;
  /** ms since the epoch. */
  readonly until: number;
}

/** Who is logged in: in memory, so a restart logs everybody out. */
export interface Sessions {
  /** @returns the token that the browser keeps; only its hash is kept here. */
  open(session: Pick<Session, 'user' | 'role'>): string;
  find(token: string | undefined): Session | undefined;
  end(token: string | undefined): void;
}

/** A week: a wall tablet is not to ask every morning. */
export const SESSION_MS = 7 * 86_400_000;
/** The oldest goes first. */
const MOST_SESSIONS = 1_000;

export function createSessions({ clock }: { readonly clock: Clock }): Sessions {
  const sessions = new Map<string, Session>();
  return {
    open({ user, role }) {
      const token = randomBytes(32).toString('base64url');
      const [oldest] = sessions.keys();
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      sessions.set(hashOf(token), { user, role, until: clock.now() + SESSION_MS });
      return token;
    },
    find(token) {
      if (token === undefined) return undefined;
      const session = sessions.get(hashOf(token));
      if (session === undefined || session.until > clock.now()) return session;
      sessions.delete(hashOf(token));
      return undefined;
    },
    end(token) {
      if (token !== undefined) sessions.delete(hashOf(token));
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
