import { dirname, resolve } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import { type Log, silentLog } from '../core/log.ts';
import type { Delivery, Sink } from '../core/sink.ts';
import { within } from '../core/within.ts';
import { CSV_HEAD, csvLine } from './csv.ts';
import { fileNamer } from './file-name.ts';
import { leavingAt } from './late.ts';
import { type OldFilesOptions, oldFiles } from './old-files.ts';
import { pictureFolder } from './picture-folder.ts';
import { rollingFile } from './rolling-file.ts';

export interface FileSinkOptions extends Partial<Pick<OldFilesOptions, 'gzip' | 'maxAgeMs' | 'maxBytes'>> {
  /** Where a relative path starts; taken as it is, percent signs included. @default the working folder */
  readonly folder?: string;
  /** File with placeholders, such as `events/%Y-%m-%d.jsonl`; see file-name.ts. */
  readonly path: string;
  /** @default 'jsonl' */
  readonly format?: 'jsonl' | 'csv';
  /** Of one file; then it is given a number, and the next begins. @default without limit */
  readonly maxFileBytes?: number;
  /** Whether an event is on the disk once it is written, and outlives a power cut. @default false */
  readonly sync?: boolean;
  /** Keeps pictures as `images/<image.ref>` in the folder of the path before its first placeholder. @default false */
  readonly images?: boolean;
  /** @default silent */
  readonly log?: Log;
  readonly clock?: Clock;
}

const CLOSE_MS = 1_000;
const TIDY_MS = 3_600_000;
const FAILING = 'file: cannot be written';
const HINT = 'Check that the folder exists, may be written and has room';

/**
 * Appends each event as one line of JSON (jsonlines.org) or CSV to the file that is named by the event's time, in the
 * local time of this machine; folders are made. A picture is on disk before the line that names it. A file that is
 * moved or removed is made anew. What becomes of files that are written no more: old-files.ts.
 *
 * @throws CONFIG_INVALID for an unknown placeholder; SINK_OFFLINE from `write`, naming the file, when the disk is
 *   full or the path not writable, which the log tells once; SINK_WRITE for a picture whose name leads elsewhere.
 */
export function fileSink(options: FileSinkOptions): Sink {
  const { folder = '', path, images = false, log = silentLog, clock = systemClock } = options;
  const { format = 'jsonl', maxFileBytes = Number.POSITIVE_INFINITY, sync = false, gzip = false } = options;
  const nameAt = fileNamer(path);
  const pathAt = (ms: number): string => resolve(folder, nameAt(new Date(ms)));
  const fixed = fixedFolder(path);
  const imageFolder = resolve(folder, fixed, 'images');
  const template = path.slice(fixed === '.' ? 0 : fixed.length).replace(/^\/+/, '');
  const own = images ? imageFolder : undefined; // that of another sink may be the same
  const old = oldFiles({ ...options, folder: resolve(folder, fixed), template, images: own, gzip });
  const pictures = pictureFolder(imageFolder, { sync });
  const file = rollingFile({
    head: format === 'csv' ? CSV_HEAD : undefined,
    maxBytes: maxFileBytes,
    sync,
    roll: old.roll,
    onOpen: tidy,
  });
  const stop = new AbortController();
  let isFailing = false;
  let tidying: Promise<void> | undefined;
  /** Writes and the close that may come between them, one after the other. */
  let tail: Promise<void> = Promise.resolve();

  function inTurn(task: () => Promise<void>): Promise<void> {
    const turn = tail.then(task);
    tail = turn.catch(() => {}); // whoever asked for it hears of it
    return turn;
  }

  /** Looks after the files before this one, once at a time, beside the writing. */
  async function tidy(): Promise<void> {
    const failed = (error: unknown): void => {
      if (stop.signal.aborted) return;
      log.warn({ path, error: asError(error).message }, 'old files could not be compressed or removed');
    };
    const inUse = new Set([pathAt(clock.now()), file.path ?? '']);
    await old.mark(inUse).catch(failed);
    tidying ??= old
      .tidy(inUse, clock.now(), stop.signal)
      .catch(failed)
      .finally(() => {
        tidying = undefined;
      });
  }

  async function write({ event, image }: Delivery): Promise<void> {
    if (stop.signal.aborted) throw new FalconetError('SINK_OFFLINE', `file: ${path} is closed`);
    const name = pathAt(Date.parse(event.time));
    const leaving = leavingAt(event, clock.now());
    try {
      if (images && image !== undefined && event.image !== null) await pictures.keep(event.image.ref, image);
      await file.append(name, format === 'csv' ? csvLine(leaving) : JSON.stringify(leaving));
    } catch (error) {
      throw isNever(error) ? error : failed(name, asError(error));
    }
    if (isFailing) log.info({ path: name }, 'file: written again');
    isFailing = false;
  }

  function failed(name: string, cause: Error): FalconetError {
    if (!isFailing) log.warn({ path: name, why: cause.message, hint: HINT }, FAILING);
    isFailing = true;
    return new FalconetError('SINK_OFFLINE', `file: ${name}: ${cause.message}`, { cause, hint: HINT });
  }

  const timer = setInterval(() => void inTurn(tidy), TIDY_MS).unref();
  return {
    name: 'file',
    write: (delivery) => inTurn(() => write(delivery)),
    close() {
      clearInterval(timer);
      const closed = inTurn(async () => {
        stop.abort();
        await file.close();
        await tidying;
      });
      return within(
        CLOSE_MS,
        closed.catch(() => {}),
      ); // a disk that hangs must not hang the gateway
    },
  };
}

/** The deepest folder of a path that no placeholder changes. */
function fixedFolder(path: string): string {
  const placeholder = path.indexOf('%');
  return dirname(placeholder < 0 ? path : `${path.slice(0, placeholder)}x`);
}

/** Whether it will fail each time. */
function isNever(error: unknown): boolean {
  return error instanceof FalconetError && error.code === 'SINK_WRITE';
}
