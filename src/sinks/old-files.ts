import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ENDING, namePatterns, numbered } from './file-name.ts';
import { PICTURE_NAME } from './picture-name.ts';

export interface OldFilesOptions {
  /** Where the template starts; no level of it is made by a placeholder. */
  readonly folder: string;
  /** As `fileNamer` takes it. */
  readonly template: string;
  /** Of this sink's pictures, one folder a camera; undefined where it keeps none. */
  readonly images: string | undefined;
  /** Whether files that are written no more are compressed. */
  readonly gzip: boolean;
  /** After a file was last written. @default for ever */
  readonly maxAgeMs?: number;
  /** Of all files and pictures. @default without limit */
  readonly maxBytes?: number;
}

/** What is to become of files that are written no more. */
export interface OldFiles {
  /** Gives the file that is full its number, so that its name is free. */
  roll(path: string): Promise<void>;
  /** Takes out of the writer's way what is to be compressed: all but the files that may yet be written. */
  mark(inUse: ReadonlySet<string>): Promise<void>;
  /** Compresses what is marked, then removes what is too old, then the oldest until the rest fits. */
  tidy(inUse: ReadonlySet<string>, now: number, signal: AbortSignal): Promise<void>;
}

interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Last written, ms since the epoch. */
  readonly at: number;
}

const PICTURES = [/^[a-z0-9_-]+$/, PICTURE_NAME];

/** @throws what the file system does, from each; the next call tries again. */
export function oldFiles(options: OldFilesOptions): OldFiles {
  const { folder, template, images, gzip } = options;
  const { maxAgeMs = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = options;
  const patterns = namePatterns(template);
  const listed = (): Promise<StoredFile[]> => filesIn(folder, patterns);

  /** A name that no older file of this one has, in any form. */
  async function freeName(path: string): Promise<string> {
    const taken = new Set((await listed()).map((file) => plainName(file.path)));
    let number = 1;
    while (taken.has(numbered(path, number))) number++;
    return numbered(path, number);
  }

  async function markOne({ path }: StoredFile, others: readonly StoredFile[]): Promise<void> {
    const hasOlder = others.some((other) => other.path !== path && plainName(other.path) === path);
    await rename(path, (hasOlder ? await freeName(path) : path) + ENDING.waiting);
  }

  async function remove(inUse: ReadonlySet<string>, now: number): Promise<void> {
    const pictures = images === undefined ? [] : await filesIn(images, PICTURES);
    const files = [...(await listed()), ...pictures].sort((a, b) => b.at - a.at);
    let bytes = 0;
    for (const file of files) {
      bytes += file.bytes;
      const isTooMuch = bytes > maxBytes || file.at < now - maxAgeMs;
      if (isTooMuch && !inUse.has(file.path)) await rm(file.path, { force: true });
    }
  }

  return {
    async roll(path) {
      await rename(path, await freeName(path));
    },
    async mark(inUse) {
      if (!gzip) return;
      const files = await listed();
      const done = files.filter(({ path }) => plainName(path) === path && !inUse.has(path));
      for (const file of done) await markOne(file, files);
    },
    async tidy(inUse, now, signal) {
      for (const { path } of await listed()) {
        if (path.endsWith(ENDING.part)) await rm(path, { force: true });
        if (path.endsWith(ENDING.waiting)) await compress(path, signal);
      }
      if (Number.isFinite(maxAgeMs) || Number.isFinite(maxBytes)) await remove(inUse, now);
    },
  };
}

/** @param path - of a marked file; it goes once the compressed one is whole. */
async function compress(path: string, signal: AbortSignal): Promise<void> {
  const part = plainName(path) + ENDING.part;
  const { atime, mtime } = await stat(path);
  try {
    await pipeline(createReadStream(path), createGzip(), createWriteStream(part), { signal });
    await utimes(part, atime, mtime); // its age is that of its events
    await rename(part, plainName(path) + ENDING.gzipped);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rm(path, { force: true });
}

function plainName(path: string): string {
  const ending = Object.values(ENDING).find((one) => path.endsWith(one));
  return ending === undefined ? path : path.slice(0, -ending.length);
}

/** Files whose path fits, level by level; nothing else is looked into. */
async function filesIn(folder: string, [level, ...below]: readonly RegExp[]): Promise<StoredFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // nothing was written yet
  const fitting = entries.filter(({ name }) => level?.test(name));
  const lists = await Promise.all(
    fitting.map(async (entry) => {
      const path = join(folder, entry.name);
      if (below.length > 0) return entry.isDirectory() ? filesIn(path, below) : [];
      return entry.isFile() ? fileAt(path) : [];
    }),
  );
  return lists.flat();
}

/** None where it is gone by now. */
async function fileAt(path: string): Promise<StoredFile[]> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? [] : [{ path, bytes: found.size, at: found.mtimeMs }];
}
