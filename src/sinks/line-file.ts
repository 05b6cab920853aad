import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text file that only grows, by whole lines. */
export interface LineFile {
  readonly path: string;
  /** Whether its path still leads to it: it may have been moved or removed meanwhile. */
  isInPlace(): Promise<boolean>;
  /** @param line - without line breaks. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file for appending and makes its folders. Where a crash or a full disk left half a line, the next one
 * starts on its own: one line is lost to readers, not two.
 */
export async function openLineFile(path: string): Promise<LineFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+');
  try {
    if (!(await endsWithLine(handle))) await handle.appendFile('\n');
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    path,
    async isInPlace() {
      const [own, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
      return own.ino === there?.ino && own.dev === there.dev;
    },
    append: (line) => handle.appendFile(`${line}\n`),
    close: () => handle.close(),
  };
}

async function endsWithLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}
