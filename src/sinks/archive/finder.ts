import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { whyNot } from '../store/file.ts';
import type { FindAnswer, FindRequest } from './messages.ts';
import { openForReading } from './tables.ts';

export interface ArchiveFinder {
  /** Never throws: the answer says what went wrong. A file that is not there yet holds nothing. */
  find(request: FindRequest): FindAnswer;
  close(): void;
}

/** Reads an archive that another process may be writing. @param path - of its database. */
export function archiveFinder(path: string): ArchiveFinder {
  let opened: { readonly database: DatabaseSync; readonly ino: number } | undefined;

  function close(): void {
    opened?.database.close();
    opened = undefined;
  }

  function open(): DatabaseSync | undefined {
    const ino = statSync(path, { throwIfNoEntry: false })?.ino;
    if (opened?.ino !== ino) close();
    if (ino === undefined) return undefined;
    opened ??= { database: openForReading(path), ino };
    return opened.database;
  }

  return {
    find(request) {
      try {
        const { sql, values } = searchFor(request);
        const rows =
          open()
            ?.prepare(sql)
            .all(...values) ?? [];
        return { events: rows.map(({ event }) => String(event)) };
      } catch (error) {
        close();
        return { why: whyNot(error) };
      }
    },
    close,
  };
}

/**
 * A search goes along one index, that of the zone, the camera or the label, from the latest start on. Most of what it
 * compares is in that index; rows are read only of what it returns, and of a zone's lives.
 */
function searchFor({ camera, label, zone, since, until, before, limit }: FindRequest): {
  readonly sql: string;
  readonly values: SQLInputValue[];
} {
  const from = zone === undefined ? 'lives AS at' : 'zones AS at JOIN lives ON lives.id = at.id';
  const own = zone === undefined ? 'at' : 'lives';
  const conditions: [sql: string, ...values: (SQLInputValue | undefined)[]][] = [
    ['at.zone = ?', zone],
    [`${own}.camera = ?`, camera],
    [`${own}.label = ?`, label],
    [`${own}.until >= ?`, since],
    ['at.start < ?', until],
    ['(at.start, at.id) < (?, ?)', before?.start, before?.id],
  ];
  const held = conditions.filter(([, value]) => value !== undefined);
  const where = held.length === 0 ? '' : `WHERE ${held.map(([sql]) => sql).join(' AND ')}`;
  return {
    sql: `SELECT ${own}.event FROM ${from} ${where} ORDER BY at.start DESC, at.id DESC LIMIT ?`,
    values: [...held.flatMap(([, ...values]) => values as SQLInputValue[]), limit],
  };
}
