import { basename } from 'node:path';

/**
 * A name for the drawings of each source, in their order: its own last part, with a number behind it where a source
 * before has the same, in capitals or not.
 */
export function fileNames(sources: readonly string[]): string[] {
  const taken = new Set<string>();
  return sources.map((source) => {
    const name = basename(source).replaceAll(/[^\w.-]/g, '_');
    let free = name;
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${name}_${count}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
