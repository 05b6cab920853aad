import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { FalconetError } from '../core/error.ts';
import { PASSWORD_HASH } from '../core/password-hash.ts';

/** 32 MiB and a quarter of a second a guess: one of those that OWASP's Password Storage Cheat Sheet names. */
const COST = { log2N: 15, r: 8, p: 3 } as const;
/** scrypt's N as its logarithm, r and p (RFC 7914): 128 * N * r bytes, p times in a row. */
export interface PasswordCost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Twice what the costliest hash below needs, since Node counts a little more than the algorithm. */
const MOST_MEMORY = 512 * 1024 * 1024;
/** What a stored hash may cost, so that a configuration cannot stop the gateway. */
const MOST = { log2N: 17, r: 16, p: 8 } as const;

/** Of a password; the login takes no longer one. */
export const MOST_CHARACTERS = 500;

/**
 * A hash of a password with a salt of its own, in the PHC string format.
 *
 * @throws USAGE for a password that the login would refuse.
 */
export async function hashPassword(password: string, cost: PasswordCost = COST): Promise<string> {
  if ([...password].length > MOST_CHARACTERS) {
    throw new FalconetError('USAGE', `expected a password of at most ${MOST_CHARACTERS} characters`, {
      hint: 'Take a shorter one',
    });
  }
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, { salt, ...cost, bytes: KEY_BYTES });
  return `$scrypt$ln=${cost.log2N},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(key)}`;
}

/** Whether a password is the one of a hash; takes as long whether it is or not. False for what is no hash. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, ln, r, p, salt = '', stored = ''] = PASSWORD_HASH.exec(hash) ?? [];
  const cost = { log2N: Number(ln), r: Number(r), p: Number(p) };
  const isKnown = cost.log2N >= 1 && cost.r >= 1 && cost.p >= 1;
  if (!isKnown || cost.log2N > MOST.log2N || cost.r > MOST.r || cost.p > MOST.p) return false;
  const expected = Buffer.from(stored, 'base64');
  const key = await derive(password, { salt: Buffer.from(salt, 'base64'), ...cost, bytes: expected.length });
  return timingSafeEqual(key, expected);
}

interface Derivation extends PasswordCost {
  readonly salt: Buffer;
  readonly bytes: number;
}

/** Characters that look alike and are written in several ways count as one (Unicode NFKC, as RFC 8265 asks). */
function derive(password: string, { salt, log2N, r, p, bytes }: Derivation): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: MOST_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
