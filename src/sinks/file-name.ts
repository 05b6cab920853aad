import { FalconetError } from '../core/error.ts';

/** The placeholders of strftime (POSIX) that a file name needs; all expand to digits, signs or a percent sign. */
const PLACEHOLDERS: Readonly<Record<string, (time: Date) => string>> = {
  Y: (time) => digits(time.getFullYear(), 4),
  m: (time) => digits(time.getMonth() + 1, 2),
  d: (time) => digits(time.getDate(), 2),
  H: (time) => digits(time.getHours(), 2),
  M: (time) => digits(time.getMinutes(), 2),
  S: (time) => digits(time.getSeconds(), 2),
  z: zone,
  '%': () => '%',
};

/**
 * A function that fills `%Y %m %d %H %M %S`, `%z` (such as +0100) and `%%` in the local time of this machine.
 * No placeholder can expand to a slash or a dot, so a name never leaves the folder that the template names.
 *
 * @throws CONFIG_INVALID for any other placeholder.
 */
export function fileNamer(template: string): (time: Date) => string {
  for (const [found, letter] of template.matchAll(/%(.?)/gsu)) {
    if (letter !== undefined && Object.hasOwn(PLACEHOLDERS, letter)) continue;
    const known = Object.keys(PLACEHOLDERS).map((name) => `%${name}`);
    const message = `file: expected one of ${known.join(' ')} in ${template}, got ${found}`;
    throw new FalconetError('CONFIG_INVALID', message, { hint: 'Write %% for a percent sign' });
  }
  return (time) => template.replace(/%(.)/gsu, (_, letter: string) => PLACEHOLDERS[letter]?.(time) ?? '');
}

/** Offset from UTC as `+hhmm`; the sign of getTimezoneOffset is the other way round. */
function zone(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}${digits(size % 60, 2)}`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
