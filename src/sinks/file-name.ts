import { join, parse, posix } from 'node:path';
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

/** What ends the name of an older file: until it is compressed, while it is, and then. */
export const ENDING = { waiting: '~', part: '.part', gzipped: '.gz' } as const;

/**
 * What the names look like that `fileNamer` makes of a template, those of older files included; one pattern for each
 * level of folders, the file's own last.
 */
export function namePatterns(template: string): RegExp[] {
  const { dir, name, ext } = posix.parse(template);
  const endings = Object.values(ENDING).map(literally).join('|');
  const file = `${patternOf(name)}(?:\\.\\d+)?${patternOf(ext)}(?:${endings})?`;
  const folders = dir === '' ? [] : dir.split('/').map(patternOf);
  return [...folders, file].map((source) => new RegExp(`^${source}$`, 'su'));
}

/** The name of an older file, with a number before its extension: `a.jsonl` becomes `a.1.jsonl`. */
export function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.${number}${ext}`);
}

function patternOf(template: string): string {
  return template.replace(/%(.)|[^%]+/gsu, (text, letter?: string) => {
    if (letter === undefined) return literally(text);
    if (letter === '%') return '%';
    return letter === 'z' ? '[+-]\\d{4}' : `\\d{${letter === 'Y' ? 4 : 2}}`;
  });
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
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
