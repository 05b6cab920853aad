import { asError } from '../core/error.ts';

/** Why something was thrown, as a part of another sentence: in one line, without a code at its end. */
export function reasonOf(thrown: unknown): string {
  const line = asError(thrown).message.replaceAll(/\s+/g, ' ').trim();
  return line.replace(/( \([A-Z]+_[A-Z]+\))+$/, '');
}
