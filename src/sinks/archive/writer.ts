import { existsSync, renameSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isDamaged, setAside, whyNot } from '../store/file.ts';
import { keeper } from './keeper.ts';
import { type Lives, livesIn } from './lives.ts';
import type { ArchivePlace, Noted, WriteAnswer } from './messages.ts';
import { sweep } from './pictures.ts';
import { databaseAt, picturesAt } from './place.ts';
import { type Retention, retention } from './retention.ts';
import { inTransaction, openForWriting } from './tables.ts';

export interface ArchiveWriter {
  /** All of them or none; on disk when it returns. Never throws: the answer says what went wrong. */
  write(noted: readonly Noted[], now: number): WriteAnswer;
  /** As `Retention`. Never throws. */
  tidy(now: number): WriteAnswer;
  close(): void;
}

interface Opened {
  readonly database: DatabaseSync;
  readonly lives: Lives;
  readonly retention: Retention;
  readonly ino: number;
}

/** Undefined where all went well. */
type Fault = string | undefined;
type Work = (archive: Opened) => { readonly removed: number; readonly fault: Fault };

const NO_ROOM = 'the disk has less free than data.events_reserve_gb';

/**
 * Writes an archive, waiting for the disk with each call. A damaged file is renamed, its pictures with it, and a new
 * one begun.
 */
export function archiveWriter(place: ArchivePlace): ArchiveWriter {
  const path = databaseAt(place.folder);
  const pictures = picturesAt(place.folder);
  let opened: Opened | undefined;

  function open(): Opened {
    if (opened !== undefined && statSync(path, { throwIfNoEntry: false })?.ino === opened.ino) return opened;
    close(); // a file that was removed takes writes for ever, and none of them can be read again
    const database = openForWriting(path);
    const lives = livesIn(database);
    sweep(pictures, lives.pictures());
    opened = { database, lives, retention: retention(database, lives, place), ino: statSync(path).ino };
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

  function setAllAside(now: number): string {
    const aside = setAside(path, new Date(now));
    if (existsSync(pictures)) renameSync(pictures, aside.replace(path, pictures));
    return aside;
  }

  /** With a new file, where the one that is there turns out to be damaged. */
  function answer(work: Work, now: number): WriteAnswer {
    let aside: string | undefined;
    const done = (): WriteAnswer => {
      const archive = open();
      const { removed, fault } = work(archive);
      const { isTight } = archive.retention;
      return {
        removed,
        isTight,
        ...(fault !== undefined && { fault }),
        ...(aside !== undefined && { setAside: aside }),
      };
    };
    try {
      try {
        return done();
      } catch (error) {
        close();
        if (!isDamaged(error)) throw error;
        aside = setAllAside(now);
        return done();
      }
    } catch (error) {
      close();
      return { fault: whyNot(error), removed: 0, isTight: false };
    }
  }

  return {
    write: (noted, now) => answer((archive) => keepAll(archive, noted, pictures), now),
    tidy: (now) => answer(({ retention }) => ({ removed: retention.tidy(now), fault: undefined }), now),
    close,
  };
}

function keepAll({ database, lives, retention }: Opened, noted: readonly Noted[], pictures: string) {
  const keep = keeper(lives, pictures);
  const { removed, hasRoom } = retention.makeRoom(keep.wanted(noted));
  if (!hasRoom) return { removed, fault: NO_ROOM };
  try {
    inTransaction(database, () => noted.forEach(keep.one));
  } catch (error) {
    keep.clear('written');
    throw error;
  }
  retention.grew(keep.added);
  keep.clear('stale');
  return { removed, fault: undefined };
}
