import type { FalconetEvent } from '../../core/schema/event.ts';
import { type Lives, rowBytes } from './lives.ts';
import type { Noted } from './messages.ts';
import { pictureAt, pictureBytes, removePicture, writePicture } from './pictures.ts';

/** Keeps the messages of one commit: their rows, and their pictures as files. */
export interface Keeper {
  /** How many bytes these messages add at most. */
  wanted(noted: readonly Noted[]): number;
  /** Within the transaction. @throws what SQLite and the file system do */
  one(this: void, noted: Noted): void;
  /** By which the archive has grown. */
  readonly added: number;
  /** Removes the pictures that nothing names now: those before these or, where the commit failed, these. */
  clear(which: 'stale' | 'written'): void;
}

/** @param folder - of the pictures. */
export function keeper(lives: Lives, folder: string): Keeper {
  const pictures = { stale: new Set<string>(), written: new Set<string>() };
  let added = 0;

  /** The picture of the row to be: the new one, or where there is none or its name leads elsewhere, the one before. */
  function keepPicture({ event: { image }, image: jpeg }: Noted, before: FalconetEvent['image']) {
    if (image === null || jpeg === undefined || pictureAt(folder, image.ref) === undefined) return before;
    if (before?.ref !== image.ref) pictures.written.add(image.ref); // one that comes again is named already
    writePicture(folder, image.ref, jpeg);
    pictures.stale.delete(image.ref);
    if (before !== null && before.ref !== image.ref) pictures.stale.add(before.ref);
    return image;
  }

  return {
    wanted: (noted) =>
      noted.reduce((sum, { event, image }) => {
        const row = lives.get(event.id) === undefined ? rowBytes(JSON.stringify(event)) : 0;
        return sum + row + (image?.byteLength ?? 0);
      }, 0),
    one(noted) {
      const { event } = noted;
      const before = lives.get(event.id);
      if (before !== undefined && before.seq > event.seq) return; // it comes again
      const image = keepPicture(noted, before?.image ?? null);
      const bytes = image === null ? 0 : pictureBytes(folder, image.ref);
      added += lives.put({ ...event, image }, bytes) - (before?.bytes ?? 0);
    },
    get added() {
      return added;
    },
    clear(which) {
      for (const ref of pictures[which]) removePicture(folder, ref);
    },
  };
}
