import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { FalconetError } from '../core/error.ts';

/** A folder of pictures, each by its `ref`. */
export interface PictureFolder {
  /**
   * Writes a picture; where the disk fails, nothing is left of it.
   *
   * @throws SINK_WRITE for a name that leads out of the folder; else what the file system does.
   */
  keep(ref: string, jpeg: Uint8Array): Promise<void>;
}

export function pictureFolder(folder: string, { sync }: { readonly sync: boolean }): PictureFolder {
  return {
    async keep(ref, jpeg) {
      const path = resolve(folder, ref);
      if (!path.startsWith(folder + sep)) {
        throw new FalconetError('SINK_WRITE', `file: expected a name within ${folder}, got ${ref}`);
      }
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'w');
      try {
        await file.writeFile(jpeg);
        if (sync) await file.datasync();
      } catch (error) {
        await rm(path, { force: true }).catch(() => {}); // the write's own error says more
        throw error;
      } finally {
        await file.close();
      }
      if (sync) await syncFolder(dirname(path));
    },
  };
}

/** So that the name of a new file outlives a power cut (fsync(2), on directories). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined); // Windows opens none
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}
