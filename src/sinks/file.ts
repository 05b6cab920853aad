import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery, Sink } from '../core/sink.ts';
import { within } from '../core/within.ts';
import { fileNamer } from './file-name.ts';
import { leavingAt } from './late.ts';
import { type LineFile, openLineFile } from './line-file.ts';
import { withPicture } from './with-picture.ts';

const CLOSE_MS = 1000;

export interface FileSinkOptions {
  /** Where a relative path starts; taken as it is, percent signs included. @default the working folder */
  readonly folder?: string;
  /** JSON Lines file with placeholders, such as `events/%Y-%m-%d.jsonl`; see file-name.ts. */
  readonly path: string;
  /** Keeps pictures as `images/<image.ref>` in the folder of the path before its first placeholder. @default false */
  readonly images?: boolean;
  readonly clock?: Clock;
}

/**
 * Appends each event as one line of JSON (jsonlines.org) to the file that is named by the event's time, in the
 * local time of this machine; folders are made. A picture is on disk before the line that names it;
 * see with-picture.ts. A file that is moved or removed is made anew.
 *
 * @throws CONFIG_INVALID for an unknown placeholder; SINK_WRITE from `write`, naming the file, when the disk is
 *   full or the path not writable. The next write tries again.
 */
export function fileSink(options: FileSinkOptions): Sink {
  const { folder = '', path, images = false, clock = systemClock } = options;
  const nameAt = fileNamer(path);
  const imageFolder = resolve(folder, fixedFolder(path), 'images');
  let open: LineFile | undefined;
  /** Writes and the close that may come between them, one after the other. */
  let tail: Promise<void> = Promise.resolve();
  let isClosed = false;

  function inTurn(task: () => Promise<void>): Promise<void> {
    const turn = tail.then(task);
    tail = turn.catch(() => {}); // whoever asked for it hears of it
    return turn;
  }

  async function closeFile(): Promise<void> {
    const file = open;
    open = undefined;
    await file?.close();
  }

  async function append(event: FalconetEvent): Promise<void> {
    const name = resolve(folder, nameAt(new Date(event.time)));
    try {
      if (open?.path !== name || !(await open.isInPlace())) {
        await closeFile();
        open = await openLineFile(name);
      }
      await open.append(JSON.stringify(leavingAt(event, clock.now())));
    } catch (error) {
      await closeFile().catch(() => {}); // the write's own error says more
      throw writeError(name, error);
    }
  }

  async function write({ event, image }: Delivery): Promise<void> {
    if (isClosed) throw new FalconetError('SINK_OFFLINE', `file: ${path} is closed`);
    if (!images || image === undefined || event.image === null) return append(event);
    const picture = inside(imageFolder, event.image.ref);
    await withPicture(event, append, () => keep(picture, image));
  }

  return {
    name: 'file',
    write: (delivery) => inTurn(() => write(delivery)),
    close() {
      const closed = inTurn(async () => {
        isClosed = true;
        await closeFile();
      });
      return within(CLOSE_MS, closed); // a disk that hangs must not hang the gateway
    },
  };
}

async function keep(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  } catch (error) {
    await rm(path, { force: true }).catch(() => {}); // half a picture; the write's own error says more
    throw writeError(path, error);
  }
}

/** The deepest folder of a path that no placeholder changes. */
function fixedFolder(path: string): string {
  const placeholder = path.indexOf('%');
  return dirname(placeholder < 0 ? path : `${path.slice(0, placeholder)}x`);
}

/** A file within a folder; whoever made the name. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path.startsWith(folder + sep)) return path;
  throw new FalconetError('SINK_WRITE', `file: expected a name within ${folder}, got ${name}`);
}

function writeError(path: string, error: unknown): FalconetError {
  const cause = asError(error);
  const hint = 'Check that the folder exists, may be written and has room';
  return new FalconetError('SINK_WRITE', `file: ${path}: ${cause.message}`, { cause, hint, facts: { path } });
}
