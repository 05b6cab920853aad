import { type LineFile, openLineFile } from './line-file.ts';

export interface RollingFileOptions {
  /** First line of each file. @default none */
  readonly head: string | undefined;
  /** Of one file, the first line left out. */
  readonly maxBytes: number;
  /** Whether a line is on the disk once it is added. */
  readonly sync: boolean;
  /** Takes a file that is full out of the way of the next. */
  readonly roll: (path: string) => Promise<void>;
  /** Another file is written from here on. */
  readonly onOpen: () => Promise<void>;
}

/** The file that is written at a time, of many. */
export interface RollingFile {
  /** Undefined while there is none. */
  readonly path: string | undefined;
  /**
   * Adds a line to the file of that name as a whole, or not at all; a file that was moved or removed is made anew.
   *
   * @throws what the file system does; the next call opens the file again.
   */
  append(path: string, line: string): Promise<void>;
  close(): Promise<void>;
}

/** One call after the other. */
export function rollingFile({ head, maxBytes, sync, roll, onOpen }: RollingFileOptions): RollingFile {
  const headBytes = head === undefined ? 0 : Buffer.byteLength(head) + 1;
  let file: LineFile | undefined;

  async function close(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close();
  }

  async function opened(path: string, bytes: number): Promise<LineFile> {
    const isFull = (one: LineFile): boolean => one.bytes > headBytes && one.bytes + bytes > maxBytes;
    if (file?.path === path && !isFull(file) && (await file.isInPlace())) return file;
    await close();
    file = await openLineFile(path, { head, sync });
    if (isFull(file)) {
      await close();
      await roll(path);
      file = await openLineFile(path, { head, sync });
    }
    await onOpen();
    return file;
  }

  return {
    get path() {
      return file?.path;
    },
    async append(path, line) {
      try {
        const there = await opened(path, Buffer.byteLength(line) + 1);
        await there.append(line);
      } catch (error) {
        await close().catch(() => {}); // the write's own error says more
        throw error;
      }
    },
    close,
  };
}
