import { extname } from 'node:path';
import { type Clock, systemClock } from '../../core/clock.ts';
import { asError, FalconetError } from '../../core/error.ts';
import type { Log } from '../../core/log.ts';
import type { Sink } from '../../core/sink.ts';
import { within } from '../../core/within.ts';
import { leavingAt } from '../late.ts';
import { type AskedThread, askedThread } from './asked-thread.ts';
import type { ArchivePlace, Noted, WriteAnswer, WriteRequest } from './messages.ts';

export interface ArchiveSinkOptions extends ArchivePlace {
  readonly log: Log;
  readonly clock?: Clock;
  /** How often old lives are looked for, ms. @default 600_000 */
  readonly tidyMs?: number;
  /** @default one that runs SQLite */
  readonly thread?: AskedThread<WriteRequest, WriteAnswer>;
}

interface Waiting {
  readonly noted: Noted;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Of one commit. */
const AT_ONCE = 64;
const CLOSE_MS = 1_500;
const HINT = 'Check that the data folder may be written and has room';
const FAILING = 'the event store cannot be written: what is to be kept waits';
const TIGHT = 'the disk has less than the reserve free: new events take the place of the oldest';
const PROGRAM = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Keeps a row a life, its newest message, and the newest of its pictures as a file: see `EventArchive` for what
 * reads it. The disk is waited for in a thread; what comes while a commit is under way makes up the next.
 *
 * @throws SINK_OFFLINE from `write` when the disk is full or the folder not writable, which the log tells once.
 */
export function archiveSink(options: ArchiveSinkOptions): Sink {
  const { folder, limits, log, clock = systemClock, tidyMs = 600_000 } = options;
  const { thread = askedThread<WriteRequest, WriteAnswer>(PROGRAM, { folder, limits }) } = options;
  const waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let isFailing = false;
  let wasTight = false;
  let closing: Promise<void> | undefined;
  let isOver = false;

  async function ask(request: WriteRequest): Promise<WriteAnswer> {
    const ended = (error: unknown): WriteAnswer => ({
      fault: asError(error).message,
      removed: 0,
      isTight: false,
    });
    if (isOver) return ended(new Error('it is closed')); // or another thread would start
    const answer = await thread.ask(request).catch(ended);
    if (closing === undefined || answer.fault === undefined) tell(answer);
    return answer;
  }

  function tell({ fault, setAside, removed, isTight }: WriteAnswer): void {
    if (setAside !== undefined) {
      log.warn({ folder, setAside }, 'the event store was damaged: it was renamed and begun anew');
    }
    if (removed > 0) log.debug({ removed }, 'old events were removed');
    if (isTight && !wasTight) log.warn({ folder, hint: 'Make room on the disk' }, TIGHT);
    if (fault !== undefined && !isFailing) log.warn({ folder, why: fault, hint: HINT }, FAILING);
    if (fault === undefined && isFailing) log.info({ folder }, 'the event store is written again');
    isFailing = fault !== undefined;
    wasTight = isTight;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, AT_ONCE);
      const noted = batch.map((one) => one.noted);
      const { fault } = await ask({ ask: 'write', noted, now: clock.now() });
      for (const { resolve, reject } of batch) {
        if (fault === undefined) resolve();
        else reject(new FalconetError('SINK_OFFLINE', `store: ${folder}: ${fault}`, { hint: HINT }));
      }
    }
    writing = undefined;
  }

  const tidy = (): void => void ask({ ask: 'tidy', now: clock.now() });
  const tidying = setInterval(tidy, tidyMs).unref();
  tidy();

  return {
    name: 'store',
    atOnce: AT_ONCE,
    async write({ event, image }) {
      if (closing !== undefined) throw new FalconetError('SINK_OFFLINE', 'store: it is closed');
      const noted = { event: leavingAt(event, clock.now()), ...(image !== undefined && { image }) };
      const written = new Promise<void>((resolve, reject) => waiting.push({ noted, resolve, reject }));
      writing ??= writeAll();
      await written;
    },
    close() {
      closing ??= (async () => {
        clearInterval(tidying);
        await within(CLOSE_MS, writing ?? Promise.resolve());
        isOver = true;
        await thread.end();
      })();
      return closing;
    },
  };
}
