import type { Frame } from '../core/frame.ts';

/** Since when a camera has shown one and the same picture. */
export interface Stillness {
  /** Of the last picture that was looked at; undefined where it says nothing. */
  readonly fingerprint: number | undefined;
  /** Arrival of the first picture with this fingerprint, or the time of the last alarm, ms since the epoch. */
  readonly since: number;
  /** How many pictures with this fingerprint were looked at since then. */
  readonly looks: number;
  readonly lookedAt: number;
  /** Until another picture comes. */
  readonly isFrozen: boolean;
}

/** `alarm` when it is time to do something about it, again after as long. */
export type FrozenVerdict = 'live' | 'frozen' | 'alarm';

/** A live sensor's noise changes every picture: one a second is enough to see it. */
const LOOK_EVERY_MS = 1_000;
/** Of cameras that send a picture a minute, too. */
const LEAST_LOOKS = 5;
/** In each byte of a word: 16 of 255 and more. */
const BRIGHT = 0xf0f0f0f0;

export function initialStillness(): Stillness {
  return { fingerprint: undefined, since: 0, looks: 0, lookedAt: Number.NEGATIVE_INFINITY, isFrozen: false };
}

/**
 * Tells whether a camera is frozen: all its pixels were the same, bit for bit, for `afterMs` and at least 5 looks.
 * A picture that is dark throughout (all below 16 of 255) is never judged: night without a light looks like that.
 *
 * Looks at one picture a second, at all of its pixels: some 0.4 ms for 640 x 360.
 */
export function stillnessStep(
  state: Stillness,
  { data, wallTime }: Pick<Frame, 'data' | 'wallTime'>,
  { afterMs }: { readonly afterMs: number },
): [Stillness, FrozenVerdict] {
  if (wallTime - state.lookedAt < LOOK_EVERY_MS) return [state, state.isFrozen ? 'frozen' : 'live'];
  const fingerprint = fingerprintOf(data);
  if (fingerprint === undefined || fingerprint !== state.fingerprint) {
    return [{ fingerprint, since: wallTime, looks: 1, lookedAt: wallTime, isFrozen: false }, 'live'];
  }
  const looks = state.looks + 1;
  const isDue = wallTime - state.since >= afterMs && looks >= LEAST_LOOKS;
  if (isDue) return [{ ...state, since: wallTime, looks: 0, lookedAt: wallTime, isFrozen: true }, 'alarm'];
  return [{ ...state, looks, lookedAt: wallTime }, state.isFrozen ? 'frozen' : 'live'];
}

/** FNV-1a (RFC 9923) over words instead of bytes; undefined for a picture that is dark throughout. */
function fingerprintOf(data: Uint8Array): number | undefined {
  const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >>> 2);
  let hash = 0x811c9dc5 | 0;
  let seen = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    hash = Math.imul(hash ^ word, 0x01000193);
    seen |= word;
  }
  return (seen & BRIGHT) === 0 ? undefined : hash;
}
