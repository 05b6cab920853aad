import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './picture-folder.ts';

/** A text file that only grows, by whole lines. */
export interface LineFile {
  readonly path: string;
  /** Of all its lines. */
  readonly bytes: number;
  /** Whether its path still leads to it: it may have been moved or removed meanwhile. */
  isInPlace(): Promise<boolean>;
  /** Adds a line as a whole, or, where the disk fails, nothing. @param line - without line breaks. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

export interface LineFileOptions {
  /** First line of a file that is new or empty. @default none */
  readonly head?: string | undefined;
  /** Whether a line is on the disk, not only on its way there, once it is added. @default false */
  readonly sync?: boolean;
}

/**
 * Opens a file for appending and makes its folders. Where a crash left half a line, the next one starts on its own:
 * one line is lost to readers, not two.
 */
export async function openLineFile(path: string, options: LineFileOptions = {}): Promise<LineFile> {
  const { head, sync = false } = options;
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+');
  let bytes: number;

  async function append(text: string): Promise<void> {
    try {
      await handle.appendFile(text);
      if (sync) await handle.datasync();
    } catch (error) {
      await handle.truncate(bytes).catch(() => {}); // half a line at most; the write's own error says more
      throw error;
    }
    bytes += Buffer.byteLength(text);
  }

  try {
    bytes = (await handle.stat()).size;
    if (!(await endsWithLine(handle, bytes))) await append('\n');
    if (sync && bytes === 0) await syncFolder(dirname(path));
    if (head !== undefined && bytes === 0) await append(`${head}\n`);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    path,
    get bytes() {
      return bytes;
    },
    async isInPlace() {
      const [own, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
      return own.ino === there?.ino && own.dev === there.dev;
    },
    append: (line) => append(`${line}\n`),
    close: () => handle.close(),
  };
}

async function endsWithLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}
