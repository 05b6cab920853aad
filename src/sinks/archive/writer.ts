import { existsSync, renameSync, statfsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isDamaged, setAside, whyNot } from '../store/file.ts';
import { keeper } from './keeper.ts';
import { type Lives, livesIn } from './lives.ts';
import type { ArchivePlace, Noted, WriteAnswer } from './messages.ts';
import { removePicture, sweep } from './pictures.ts';
import { databaseAt, picturesAt } from './place.ts';
import { OPEN, openForWriting } from './tables.ts';

export interface ArchiveWriter {
  /** All of them or none; on disk when it returns. Never throws: the answer says what went wrong. */
  write(noted: readonly Noted[], now: number): WriteAnswer;
  /** Removes what is too old or too much. Never throws. */
  tidy(now: number): WriteAnswer;
  close(): void;
}

interface Opened {
  readonly database: DatabaseSync;
  readonly lives: Lives;
  readonly ino: number;
  /** Of lives and pictures. */
  bytes: number;
  /** Of what went while the disk had less than the reserve, and nothing has the place of yet. */
  vacant: number;
}

type Done = Pick<WriteAnswer, 'fault' | 'removed'>;

const BATCH = 100;
const NO_ROOM = 'the disk has less free than data.events_reserve_gb';
/** Of SQLite, given back to the disk at a time. */
const VACUUM_PAGES = 1_000;

/**
 * Writes an archive, waiting for the disk with each call. A damaged file is renamed, its pictures with it, and a new
 * one begun. While the disk has less than the reserve free the archive does not grow: what is new takes the place of
 * the lives that ended longest ago.
 */
export function archiveWriter({ folder, limits }: ArchivePlace): ArchiveWriter {
  const path = databaseAt(folder);
  const pictures = picturesAt(folder);
  let opened: Opened | undefined;

  function open(): Opened {
    if (opened !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === opened.ino) return opened;
    close(); // a file that was removed takes writes for ever, and none of them can be read again
    const database = openForWriting(path);
    const lives = livesIn(database);
    sweep(pictures, lives.pictures());
    opened = { database, lives, ino: statSync(path).ino, bytes: lives.bytes(), vacant: 0 };
    return opened;
  }

  function close(): void {
    const closing = opened;
    opened = undefined;
    try {
      closing?.database.close();
    } catch {
      // Its log could not be folded into it: the next open reads it.
    }
  }

  function isTight(): boolean {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < limits.reserveBytes;
  }

  /** Some of the lives that ended before then, longest ago first. @returns how many, and their bytes */
  function removeOldest(archive: Opened, until: number, limit: number) {
    const { database, lives } = archive;
    const going = lives.oldest(until, limit);
    inTransaction(database, () => {
      for (const { id } of going) lives.remove(id);
    });
    for (const { picture } of going) if (picture !== null) removePicture(pictures, picture);
    const bytes = going.reduce((sum, life) => sum + life.bytes, 0);
    archive.bytes -= bytes;
    return { lives: going.length, bytes };
  }

  /** Until so many bytes more are within the limits. */
  function makeRoom(
    archive: Opened,
    wanted: number,
  ): { readonly removed: number; readonly hasRoom: boolean } {
    const tight = isTight();
    let removed = 0;
    while (archive.bytes + wanted > limits.maxBytes || (tight && archive.vacant < wanted)) {
      const gone = removeOldest(archive, OPEN, 1);
      if (gone.lives === 0) break; // all that is left is in sight yet
      removed += gone.lives;
      if (tight) archive.vacant += gone.bytes;
    }
    const hasRoom = !tight || archive.vacant >= wanted;
    archive.vacant = tight && hasRoom ? archive.vacant - wanted : 0;
    return { removed, hasRoom };
  }

  function keepAll(noted: readonly Noted[]): Done {
    const archive = open();
    const keep = keeper(archive.lives, pictures);
    const { removed, hasRoom } = makeRoom(archive, keep.wanted(noted));
    if (!hasRoom) return { fault: NO_ROOM, removed };
    try {
      inTransaction(archive.database, () => noted.forEach(keep.one));
      archive.bytes += keep.added;
      keep.clear('stale');
      return { removed };
    } catch (error) {
      keep.clear('written');
      throw error;
    }
  }

  function removeAll(now: number): Done {
    const archive = open();
    archive.bytes = archive.lives.bytes();
    let removed = 0;
    for (let gone = BATCH; gone === BATCH; removed += gone) {
      gone = removeOldest(archive, now - limits.maxAgeMs, BATCH).lives;
    }
    while (archive.bytes > limits.maxBytes) {
      const { lives } = removeOldest(archive, OPEN, BATCH);
      removed += lives;
      if (lives === 0) break;
    }
    archive.database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    return { removed };
  }

  function setAllAside(now: number): string {
    const at = new Date(now);
    const aside = setAside(path, at);
    if (existsSync(pictures)) renameSync(pictures, aside.replace(path, pictures));
    return aside;
  }

  function answer(work: () => Done, now: number): WriteAnswer {
    const failed = (error: unknown): WriteAnswer => {
      close();
      return { fault: whyNot(error), removed: 0, isTight: false };
    };
    try {
      return { ...work(), isTight: isTight() };
    } catch (error) {
      if (!isDamaged(error)) return failed(error);
      close();
      try {
        return { setAside: setAllAside(now), ...work(), isTight: isTight() };
      } catch (another) {
        return failed(another);
      }
    }
  }

  return {
    write: (noted, now) => answer(() => keepAll(noted), now),
    tidy: (now) => answer(() => removeAll(now), now),
    close,
  };
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK'); // some errors roll back by themselves
    throw error;
  }
}
