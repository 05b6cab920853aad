import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { PICTURE_NAME } from '../picture-name.ts';

/** Ends the name of a picture that is being written. */
const PART = '.part';

/** Where the picture lies that `ref` names; undefined for a name that leads out of the folder. */
export function pictureAt(folder: string, ref: string): string | undefined {
  const path = resolve(folder, ref);
  return path.startsWith(resolve(folder) + sep) && !ref.includes('\0') ? path : undefined;
}

/**
 * Writes a picture, readable for its owner only; it is there as a whole, or not at all.
 *
 * @throws what the file system does.
 */
export function writePicture(folder: string, ref: string, jpeg: Uint8Array): void {
  const path = pictureAt(folder, ref);
  if (path === undefined) throw new Error(`expected a name within ${folder}, got ${ref}`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path + PART, jpeg, { mode: 0o600 });
    renameSync(path + PART, path);
  } catch (error) {
    rmSync(path + PART, { force: true });
    throw error;
  }
}

export function removePicture(folder: string, ref: string): void {
  const path = pictureAt(folder, ref);
  if (path !== undefined) rmSync(path, { force: true });
}

/** Bytes of a picture that is kept; 0 where it is gone. */
export function pictureBytes(folder: string, ref: string): number {
  const path = pictureAt(folder, ref);
  return (path !== undefined && statSync(path, { throwIfNoEntry: false })?.size) || 0;
}

/** Removes the pictures that no row names: a crash came between a picture and its row. Other files are left alone. */
export function sweep(folder: string, named: ReadonlySet<string>): void {
  for (const entry of filesBelow(folder)) {
    const ref = relative(folder, entry).split(sep).join('/');
    if (isPicture(ref) && !named.has(ref)) rmSync(entry, { force: true });
  }
}

/** Also one that was being written. */
function isPicture(ref: string): boolean {
  const [camera, name = '', ...below] = ref.split('/');
  const whole = name.endsWith(PART) ? name.slice(0, -PART.length) : name;
  return below.length === 0 && whole.startsWith(`${camera}-`) && PICTURE_NAME.test(whole);
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    return []; // no picture was written yet
  }
}
