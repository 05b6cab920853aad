import { NOBODYS_HASH } from '../core/password-hash.ts';
import type { PlaceholderValues } from './placeholders.ts';

/** For who asks neither camera nor broker: variables need not be set, and files of secrets are not read. */
export const standIns: Pick<PlaceholderValues, 'standIn' | 'readSecret'> = {
  standIn: someText,
  readSecret: (path, place) => ({ text: someText(path, place) }),
};

/** What a placeholder could stand for: no schema asks more of a text that is mostly secret, but of a hash. */
function someText(name: string, place: readonly PropertyKey[]): string {
  return place.at(-1) === 'password_hash' ? NOBODYS_HASH : name;
}
