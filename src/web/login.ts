import type { Role } from '../core/dashboard.ts';
import { isPassword } from './password.ts';

export interface User {
  /** See password.ts. */
  readonly passwordHash: string;
  readonly role: Role;
}

/** By name. */
export type Users = Readonly<Record<string, User>>;

export type LoginAnswer = { readonly user: string; readonly role: Role } | 'wrong' | 'busy';

/** Each takes 32 MiB and a core for a moment; who comes when so many wait is sent away. */
const MOST_WAITING = 8;

/**
 * Tells whether a name and a password belong together. One guess at a time, and an unknown name takes as long as a
 * known one.
 */
export function createLogin(users: Users): (user: string, password: string) => Promise<LoginAnswer> {
  const [anybody] = Object.values(users);
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();
  return async (user, password) => {
    if (waiting >= MOST_WAITING) return 'busy';
    waiting++;
    const known = Object.hasOwn(users, user) ? users[user] : undefined;
    const { passwordHash = '' } = known ?? anybody ?? {};
    const guess = turn.then(() => isPassword(password, passwordHash));
    turn = guess.catch(() => {});
    try {
      const isRight = await guess;
      return isRight && known !== undefined ? { user, role: known.role } : 'wrong';
    } finally {
      waiting--;
    }
  };
}
