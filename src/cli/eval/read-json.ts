import { readFile } from 'node:fs/promises';
import { asError, FalconetError } from '../../core/error.ts';

/** @throws ANNOTATIONS_INVALID, naming the file, when it cannot be read or is no JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(`${path}: ${asError(cause).message}`, cause);
  }
}

/** @throws ANNOTATIONS_INVALID, naming the file, when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw unreadable(isMissing ? `${path}: no such file` : asError(cause).message, cause);
  }
}

function unreadable(message: string, cause: unknown): FalconetError {
  return new FalconetError('ANNOTATIONS_INVALID', message, {
    cause,
    hint: 'Give annotations and results in the form of COCO, or the folder of a VOC',
  });
}
