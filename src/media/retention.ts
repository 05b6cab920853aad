import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isUnderWay, PART } from './clip.ts';

export interface RetentionLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Last written, ms since the epoch. */
  readonly at: number;
}

/**
 * Removes clips that are too old, then the oldest until the rest fits, and what a crash left half written.
 *
 * @param folder - of folders of clips, one a camera; a missing one holds none.
 * @param startedAt - half-written files older than this, ms since the epoch, belong to nobody any more, unless this
 *   process writes them: clocks are set.
 * @returns how many clips were removed.
 */
export async function removeOldClips(
  folder: string,
  { maxAgeMs, maxBytes }: RetentionLimits,
  { now, startedAt }: { readonly now: number; readonly startedAt: number },
): Promise<number> {
  const files = await filesIn(folder);
  const left = files.filter(({ path, at }) => path.endsWith(PART) && at < startedAt && !isUnderWay(path));
  const clips = files.filter(({ path }) => !path.endsWith(PART)).sort((a, b) => b.at - a.at);
  let bytes = 0;
  const tooMany = clips.filter((clip) => {
    bytes += clip.bytes;
    return bytes > maxBytes || clip.at < now - maxAgeMs;
  });
  await Promise.all([...left, ...tooMany].map(({ path }) => rm(path, { force: true })));
  return tooMany.length;
}

async function filesIn(folder: string): Promise<StoredFile[]> {
  const cameras = await readdir(folder).catch(() => []); // no clip was written yet
  const lists = await Promise.all(
    cameras.map(async (camera) => {
      const names = await readdir(join(folder, camera)).catch(() => []); // no folder: not ours
      return Promise.all(names.map((name) => fileAt(join(folder, camera, name))));
    }),
  );
  return lists.flat().filter((file) => file !== undefined);
}

/** Undefined for one that is gone by now. */
async function fileAt(path: string): Promise<StoredFile | undefined> {
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: undefined }));
  return mtimeMs === undefined ? undefined : { path, bytes: size, at: mtimeMs };
}
