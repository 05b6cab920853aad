import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Entry, Kept } from './messages.ts';

type Row = Omit<Kept, 'bytes'> & { readonly bytes: Uint8Array | null };

export interface StoreFile {
  entries(): Kept[];
  /** All of them or none; on disk when it returns. */
  write(entries: readonly Entry[]): void;
  close(): void;
}

/** Of the tables; one that is newer is not touched. The second has `bytes`. */
const VERSION = 2;
/** Pages of 4 kB that are given back to the disk at a start, once what waited is sent: some 80 MB, in half a second. */
const MOST_FREED = 20_000;
/** What SQLite says of a file that it cannot trust: SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html). */
const DAMAGED = new Set([11, 26]);
/** SQLITE_BUSY. */
const LOCKED = 5;

/**
 * Opens the file, or makes it, readable for its owner only, with its folder. It is this process's alone until it is
 * closed; a process that was killed holds nothing.
 *
 * `synchronous=FULL` with a write-ahead log: a commit is one write and one fsync (sqlite.org/wal.html), and it
 * outlives a power cut.
 *
 * @throws what SQLite and the file system do; `isDamaged` tells a file that has to be set aside.
 */
export function openStoreFile(path: string): StoreFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600)); // SQLite would make it for everyone; its log takes the same rights
  const database = new DatabaseSync(path);
  try {
    prepare(database);
  } catch (error) {
    database.close();
    throw error;
  }
  const { ino } = statSync(path);
  const all = database.prepare('SELECT kind, key, value, bytes FROM kept');
  const put = database.prepare('INSERT OR REPLACE INTO kept (kind, key, value, bytes) VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM kept WHERE kind = ? AND key = ?');

  return {
    entries: () =>
      (all.all() as unknown as Row[]).map(({ bytes, ...kept }) => (bytes ? { ...kept, bytes } : kept)),
    write(entries) {
      // A file that was removed takes writes for ever, and none of them can be read again.
      if (statSync(path).ino !== ino) throw new Error('the file was replaced');
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { kind, key, value, bytes = null } of entries) {
          if (value === null) remove.run(kind, key);
          else put.run(kind, key, value, bytes);
        }
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK'); // some errors roll back by themselves
        throw error;
      }
    },
    close: () => database.close(),
  };
}

export function isDamaged(error: unknown): boolean {
  return DAMAGED.has(codeOf(error));
}

/** Renames a damaged file and its log, so that somebody can look at them, and returns the new name. */
export function setAside(path: string, now: Date): string {
  const name = `${path}.damaged-${now.toISOString().replaceAll(/[-:]/g, '')}`;
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(path + part)) renameSync(path + part, name + part);
  }
  return name;
}

/** Whether another process has the file. */
export function isInUse(error: unknown): boolean {
  return codeOf(error) === LOCKED;
}

/** Why the store cannot be used, for the log. */
export function whyNot(error: unknown): string {
  if (isInUse(error)) return 'another gateway uses it';
  return error instanceof Error ? error.message : String(error);
}

function prepare(database: DatabaseSync): void {
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
  `);
  const fault = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (fault !== 'ok') throw Object.assign(new Error(String(fault)), { errcode: 11 });
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > VERSION) throw new Error(`it was written by a newer Falconet (version ${version})`);
  database.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS kept (
      kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, bytes BLOB, PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
    ${version === 1 ? 'ALTER TABLE kept ADD COLUMN bytes BLOB;' : ''}
    PRAGMA user_version = ${VERSION};
    COMMIT;
    PRAGMA incremental_vacuum(${MOST_FREED});
  `);
}

/** SQLite's own, without what it adds in the upper bytes (sqlite.org/rescode.html, "Primary versus extended"). */
function codeOf(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return code & 0xff;
}
