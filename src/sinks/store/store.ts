import { setImmediate } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import { within } from '../../core/within.ts';
import type { Answer, Entry } from './messages.ts';
import { type StoreThread, startStoreThread } from './store-thread.ts';
import { createTexts } from './texts.ts';

export interface StoreOptions {
  /** Of the file; its folder is made. */
  readonly path: string;
  readonly log: Log;
  /** Before a file that failed is tried again, ms. @default 1_000 */
  readonly retryMs?: number;
  /** @default one that runs SQLite */
  readonly thread?: StoreThread;
}

/** Texts by kind and key that outlive the process: in memory, and soon after on disk. */
export interface Store {
  /** Keys and texts of one kind. */
  all(kind: string): ReadonlyMap<string, string>;
  /**
   * Takes the entries, and settles once they are on disk; where the disk fails, at once, and where it does not answer,
   * after a second. Never rejects: what the disk refused is written when it is back.
   */
  put(entries: readonly Entry[]): Promise<void>;
  /** How often the file could not be opened or written. */
  readonly failed: number;
  /** Writes for 1.5 s at most, then ends the thread. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** No event waits longer for the disk. */
const PATIENCE_MS = 1_000;
const CLOSE_MS = 1_500;
/** A disk that hangs must not keep a gateway from its start. */
const OPEN_MS = 5_000;
const HINT = 'Check that the data folder may be written, has room, and is used by no other gateway';

/**
 * Opens a store whose disk nobody waits for: SQLite in a thread of its own. Commits are grouped by load: what comes
 * while one is under way makes up the next, so an idle disk answers at once, and a slow one gets few large commits.
 *
 * A file that cannot be used (full, gone, damaged, locked by another gateway) is told once, counted, and tried again
 * every second; meanwhile the store lives in memory. A damaged file is renamed and a new one made.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, log, retryMs = 1_000, thread = startStoreThread(path) } = options;
  const texts = createTexts();
  const waiting: (() => void)[] = [];
  let wake = (): void => {};
  let isOpen = false;
  let isFailing = false;
  /** The thread has not answered in time: nobody waits until it does. */
  let isLate = false;
  let failed = 0;
  let isClosing = false;
  let closing: Promise<void> | undefined;

  /** Opens the file if need be, and writes what it does not have. */
  async function attempt(): Promise<Answer> {
    if (!isOpen) {
      const answer = await thread.ask({ ask: 'open' });
      if (answer.kind !== 'opened') return answer;
      if (answer.setAside !== undefined) {
        log.warn({ path, setAside: answer.setAside }, 'the store was damaged: it was renamed and begun anew');
      }
      texts.load(answer.entries);
      isOpen = true;
    }
    if (!texts.isDirty) return { kind: 'done' };
    const entries = texts.take();
    const answer = await thread.ask({ ask: 'write', entries });
    if (answer.kind !== 'failed') return answer;
    texts.giveBack(entries);
    isOpen = false;
    return answer;
  }

  function tell(answer: Answer): void {
    const wasFailing = isFailing;
    isFailing = answer.kind === 'failed';
    isLate = false;
    if (isFailing) failed++;
    if (answer.kind === 'failed' && !wasFailing) {
      const what = 'the store cannot be written: events go out, but a crash may leave some without their end';
      log.warn({ path, why: answer.why, hint: HINT }, what);
    }
    if (!isFailing && wasFailing) log.info({ path, failed }, 'the store is written again');
  }

  /** One commit; who waited for it hears of it, and where the disk fails, nobody waits on. */
  async function round(): Promise<void> {
    const served = waiting.splice(0);
    tell(await attempt());
    if (isFailing) served.push(...waiting.splice(0));
    for (const settle of served) settle();
  }

  async function work(): Promise<void> {
    for (;;) {
      await round();
      const hasMore = texts.isDirty || waiting.length > 0;
      if (isClosing && (isFailing || !hasMore)) return;
      if (isFailing) await sleep(retryMs);
      else if (!hasMore) await sleep();
    }
  }

  /** Until `wake` is called, or for so long. */
  async function sleep(ms?: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
      if (isClosing) resolve();
    });
    clearTimeout(timer);
    wake = () => {};
  }

  const opened = new Promise<void>((resolve) => waiting.push(resolve));
  const working = work();
  await within(OPEN_MS, opened);
  return {
    all: (kind) => texts.all(kind),
    get failed() {
      return failed;
    },
    async put(entries) {
      for (const entry of entries) texts.set(entry);
      if (isClosing || isFailing || isLate) return;
      let isWritten = false;
      const written = new Promise<void>((resolve) => waiting.push(resolve)).then(() => {
        isWritten = true;
      });
      wake();
      await within(PATIENCE_MS, written);
      if (!isWritten) isLate = true;
    },
    close() {
      closing ??= (async () => {
        await setImmediate(); // what the last answers of the sinks set off is on its way
        isClosing = true;
        wake();
        await within(
          CLOSE_MS,
          working.then(() => thread.ask({ ask: 'close' })),
        );
        await thread.end();
      })();
      return closing;
    },
  };
}
