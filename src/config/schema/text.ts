import { z } from 'zod';

/** A text of one form, told in the same words by mistakes and by the reference. */
export function textOf(pattern: RegExp, expected: string) {
  return z.string().regex(pattern, `expected ${expected}`).meta({ expected });
}

/** Keys of cameras become topics and file names, so they are plain. */
export const key = textOf(/^[a-z0-9_-]{1,40}$/, '1 to 40 of a-z, 0-9, _ and -');
export const secret = z.string().min(1).meta({ secret: true });
export const file = textOf(/./s, "a path, starting from this file's folder");
