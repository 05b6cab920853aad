import { statfsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Lives } from './lives.ts';
import type { ArchivePlace } from './messages.ts';
import { removePicture } from './pictures.ts';
import { picturesAt } from './place.ts';
import { inTransaction, OPEN } from './tables.ts';

/** What goes, so that an archive stays within its limits. */
export interface Retention {
  /** The disk has less than the reserve free. */
  readonly isTight: boolean;
  /** Until so many bytes more are within the limits; false where they cannot be. @returns how many lives went, too */
  makeRoom(wanted: number): { readonly removed: number; readonly hasRoom: boolean };
  /** The archive has grown by so many bytes. */
  grew(bytes: number): void;
  /** Ends what nothing was heard of for a day, and removes what is too old or too much. @returns how many lives went */
  tidy(now: number): number;
}

/** An object in sight is told of each minute, or with each rarer look: after so long its `end` got lost. */
const SILENT_MS = 86_400_000;
const BATCH = 100;
/** Of SQLite, given back to the disk at a time. */
const VACUUM_PAGES = 1_000;

/**
 * Lives that ended longest ago go first, with their pictures; one that is in sight yet never goes. While the disk has
 * less than the reserve free the archive does not grow: what is new takes the place of what goes.
 *
 * @throws what SQLite and the file system do, from each.
 */
export function retention(database: DatabaseSync, lives: Lives, { folder, limits }: ArchivePlace): Retention {
  const { maxAgeMs, maxBytes, reserveBytes } = limits;
  /** Of lives and pictures. */
  let bytes = lives.bytes();
  /** Of what went while the disk was tight, and nothing has the place of yet. */
  let vacant = 0;

  function isTight(): boolean {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < reserveBytes;
  }

  /** Some of those that ended before then. */
  function removeOldest(until: number, limit: number): { readonly count: number; readonly freed: number } {
    const going = lives.oldest(until, limit);
    inTransaction(database, () => {
      for (const { id } of going) lives.remove(id);
    });
    for (const { picture } of going) if (picture !== null) removePicture(picturesAt(folder), picture);
    const freed = going.reduce((sum, life) => sum + life.bytes, 0);
    bytes -= freed;
    return { count: going.length, freed };
  }

  /** While it has to be, and there is something to remove. */
  function removeWhile(mustGo: () => boolean, until: number, limit: number): number {
    let removed = 0;
    while (mustGo()) {
      const { count, freed } = removeOldest(until, limit);
      if (count === 0) break;
      removed += count;
      vacant += freed;
    }
    return removed;
  }

  return {
    get isTight() {
      return isTight();
    },
    makeRoom(wanted) {
      const tight = isTight();
      if (!tight) vacant = 0;
      const mustGo = (): boolean => bytes + wanted > maxBytes || (tight && vacant < wanted);
      const removed = removeWhile(mustGo, OPEN, 1);
      const hasRoom = !tight || vacant >= wanted;
      if (hasRoom) vacant = Math.max(0, vacant - wanted);
      return { removed, hasRoom };
    },
    grew(more) {
      bytes += more;
    },
    tidy(now) {
      inTransaction(database, () => lives.endSilent(now - SILENT_MS));
      bytes = lives.bytes();
      const old = removeWhile(() => true, now - maxAgeMs, BATCH);
      const many = removeWhile(() => bytes > maxBytes, OPEN, BATCH);
      database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
      return old + many;
    },
  };
}
