import { createHash } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { shapesIn, withShapes } from '../config/edit-shapes.ts';
import { parseConfigFile, readConfigText } from '../config/load.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { ShapeEditor } from '../core/shape-editor.ts';

export interface ShapeEditorOptions {
  /** Of the configuration. */
  readonly path: string;
  /** Takes the file into use. */
  readonly reload: () => Promise<unknown>;
}

/** Changes the file of a configuration, one change after the other, each of them whole or not at all. */
export function shapeEditor({ path, reload }: ShapeEditorOptions): ShapeEditor {
  let changing: Promise<unknown> = Promise.resolve();

  async function change(
    camera: string,
    { shapes, version }: Parameters<ShapeEditor['write']>[1],
  ): Promise<void> {
    const text = await readConfigText(path);
    if (versionOf(text) !== version) throw changedMeanwhile(path);
    const next = withShapes(text, camera, shapes);
    if (next === text) return;
    parseConfigFile(next, path);
    await replace(path, next);
    try {
      await reload();
    } catch (error) {
      // What the gateway does not take is not to meet it at its next start; what somebody wrote meanwhile is theirs.
      const now = await readConfigText(path).catch(() => undefined);
      if (now === next) await replace(path, text);
      throw error;
    }
  }

  return {
    async read(camera) {
      const text = await readConfigText(path);
      return { shapes: shapesIn(text, camera), version: versionOf(text) };
    },
    write(camera, wanted) {
      const done = changing.then(() => change(camera, wanted));
      changing = done.catch(() => {});
      return done;
    },
  };
}

/** In one step, with the permissions that the file has; a link stays one. */
async function replace(path: string, text: string): Promise<void> {
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    const fresh = `${target}.${process.pid}.new`;
    try {
      await rm(fresh, { force: true }); // of a gateway that had this number and was killed
      await writeWhole(fresh, text, mode & 0o777);
      await rename(fresh, target);
    } finally {
      await rm(fresh, { force: true });
    }
  } catch (cause) {
    throw new FalconetError('REQUEST_REFUSED', `${path} cannot be written: ${asError(cause).message}`, {
      cause,
      hint: 'Let the gateway write the file and its folder, or edit the file itself',
    });
  }
}

/** A new file, on the disk. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600); // it may hold passwords
  try {
    await file.writeFile(text);
    await file.chmod(mode); // whatever is kept from new files
    await file.sync();
  } finally {
    await file.close();
  }
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function changedMeanwhile(path: string): FalconetError {
  return new FalconetError('REQUEST_REFUSED', `${path} was changed by somebody else meanwhile`, {
    hint: 'Look at the drawing as it is now, and change it again',
  });
}
