import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface UntoldFiles {
  readonly folder: string;
  /** Files are `<session>-<number>.ts`. */
  readonly session: string;
  /** Number of the last one that was told. */
  readonly last: number;
}

/**
 * Removes what a session of a recording wrote and told nobody of, such as the piece that it was writing when its camera
 * went away: only what is told is in the ring, and the ring's limits count nothing else. Never rejects.
 */
export async function removeUntold({ folder, session, last }: UntoldFiles): Promise<void> {
  const names = await readdir(folder).catch(() => []); // gone with the ring
  const untold = names.filter((name) => name.startsWith(`${session}-`) && numberOf(name) > last);
  await Promise.all(untold.map((name) => rm(join(folder, name), { force: true }).catch(() => {})));
}

/** In the name of a session's file. */
export function numberOf(name: string): number {
  return Number(/-(\d+)\.ts$/.exec(name)?.[1]);
}
