import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { asError, FalconetError } from '../../core/error.ts';
import type { EventArchive, EventQuery } from '../../core/event-archive.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import { askedThread } from './asked-thread.ts';
import type { FindAnswer, FindRequest } from './messages.ts';
import { pictureAt } from './pictures.ts';
import { databaseAt, picturesAt } from './place.ts';

const MOST = 1_000;
const PROGRAM = new URL(`./finder-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Reads the archive of a data folder, also one that a gateway is writing, this one or another process. A search runs
 * in a thread of its own, which starts with the first.
 *
 * @param folder - of the data.
 */
export function openEventArchive(folder: string): EventArchive {
  const thread = askedThread<FindRequest, FindAnswer>(PROGRAM, databaseAt(folder));
  return {
    async find(query) {
      const answer = await thread.ask(requestOf(query)).catch((error: unknown) => ({
        why: asError(error).message,
      }));
      if ('why' in answer) throw unreadable(databaseAt(folder), answer.why);
      return answer.events.map((text) => JSON.parse(text) as FalconetEvent);
    },
    async image(ref) {
      const path = pictureAt(picturesAt(folder), ref);
      if (path === undefined) return undefined;
      try {
        return await readFile(path);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw unreadable(path, asError(error).message);
      }
    },
    close: () => thread.end(),
  };
}

/** @throws TypeError for a limit that is none. */
function requestOf({ before, limit = 100, ...conditions }: EventQuery): FindRequest {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST)) {
    throw new TypeError(`expected 1 to ${MOST} events, got ${limit}`);
  }
  return {
    ...conditions,
    limit,
    ...(before !== undefined && { before: { start: Date.parse(before.start), id: before.id } }),
  };
}

/** ENOENT of a file, ENOTDIR and EISDIR of a name that is no picture's. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG';
}

function unreadable(path: string, why: string): FalconetError {
  return new FalconetError('ARCHIVE_FAILED', `${path}: expected events, got: ${why}`, {
    hint: 'Check that the data folder may be read; a gateway that runs sets a damaged file aside',
  });
}
