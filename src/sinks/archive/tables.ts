import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Of the tables; a file that is newer is not touched. */
const VERSION = 1;
/** SQLITE_CORRUPT (sqlite.org/rescode.html). */
const CORRUPT = 11;
/** Another process that writes, such as a gateway that is just stopping, has so long. */
const BUSY_MS = 2_000;
/** Of the write-ahead log, while nothing is written. */
const MOST_LOG_BYTES = 4_000_000;

/** `until` of a life that is open: later than any time that is asked for. */
export const OPEN = Number.MAX_SAFE_INTEGER;

/**
 * A row a life. `until` is its end, by which the oldest go; the indexes hold all that a search compares, so that it
 * reads rows only of what it returns. Times are ms since the epoch.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS lives (
    id TEXT NOT NULL PRIMARY KEY,
    camera TEXT NOT NULL,
    label TEXT NOT NULL,
    start INTEGER NOT NULL,
    until INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    picture TEXT,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS lives_by_start ON lives (start, id, until);
  CREATE INDEX IF NOT EXISTS lives_by_camera ON lives (camera, start, id, until, label);
  CREATE INDEX IF NOT EXISTS lives_by_label ON lives (label, start, id, until);
  CREATE INDEX IF NOT EXISTS lives_by_until ON lives (until);
  CREATE TABLE IF NOT EXISTS zones (
    zone TEXT NOT NULL, start INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (zone, start, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS zones_by_id ON zones (id);
`;

/**
 * Opens the file, or makes it, readable for its owner only. Others may read while it is written (write-ahead log,
 * sqlite.org/wal.html); a commit outlives a power cut (`synchronous=FULL`).
 *
 * @throws what SQLite and the file system do.
 */
export function openForWriting(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600)); // SQLite would make it for everyone; its log takes the same rights
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws what SQLite does. */
export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
}

/** All of the work or none; on disk when it returns. @throws what the work does, and SQLite */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK'); // some errors roll back by themselves
    throw error;
  }
}

function prepare(database: DatabaseSync): void {
  database.exec(`
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = ${MOST_LOG_BYTES};
  `);
  const fault = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (fault !== 'ok') throw Object.assign(new Error(String(fault)), { errcode: CORRUPT });
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > VERSION) throw new Error(`it was written by a newer Falconet (version ${version})`);
  database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${VERSION}; COMMIT;`);
}
