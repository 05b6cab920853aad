import type { Wish } from '../core/dashboard.ts';

/** More cameras than anybody can watch at once. */
const MOST_WATCHED = 64;

/** What a message of the page asks for; undefined for what is none. */
export function parseWish(text: string): Wish | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('watch' in value)) return undefined;
  const { watch } = value;
  if (!Array.isArray(watch) || watch.length > MOST_WATCHED || !watch.every(isWatch)) return undefined;
  return { watch };
}

function isWatch(entry: unknown): entry is Wish['watch'][number] {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'camera' in entry &&
    'video' in entry &&
    typeof entry.camera === 'string' &&
    typeof entry.video === 'boolean'
  );
}
