import { setImmediate } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import { within } from '../../core/within.ts';
import type { Answer, Entry, Kept } from './messages.ts';
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
  /** Those of one kind, by key. */
  all(kind: string): ReadonlyMap<string, Kept>;
  /**
   * Takes the entries, and settles once they are on disk; where the disk fails, at once, and where it does not answer,
   * after a second. Never rejects: what the disk refused is written when it is back. What is put in one turn of the
   * event loop, by `later` too, is on disk as a whole or not at all.
   */
  put(entries: readonly Entry[]): Promise<void>;
  /** Takes what nobody waits for: on disk with what else is put within 20 ms, or then. */
  later(entries: readonly Entry[]): void;
  /** How often the file could not be opened or written. */
  readonly failed: number;
  /** Writes for 1.5 s at most, then ends the thread. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** So long a commit that nobody waits for has time to grow. */
const GROUP_MS = 20;
/** No event waits longer for the disk. */
const PATIENCE_MS = 1_000;
const CLOSE_MS = 1_500;
/** A disk that hangs must not keep a gateway from its start. */
const OPEN_MS = 5_000;
const MEANWHILE = 'events go out, but what waits, and which are open, would not outlive the gateway';
const HINT = 'Check that the data folder may be written, has room, and is used by no other gateway';

/**
 * Opens a store whose disk nobody waits for: SQLite in a thread of its own. Commits are grouped by load: what comes
 * while one is under way makes up the next, so an idle disk answers at once, and a slow one gets few large commits.
 *
 * A file that cannot be used (full, gone, damaged, locked by another gateway), or a disk that does not answer, is told
 * once, counted, and tried again every second; meanwhile the store lives in memory. A damaged file is renamed and a new one made.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, log, retryMs = 1_000, thread = startStoreThread(path) } = options;
  const texts = createTexts();
  /** What waits for the next commit waits together; undefined where nobody does. */
  let waiting: Wait | undefined;
  /** Ends whatever the loop sleeps for. */
  let wake = (): void => {};
  /** Ends it only where the loop has nothing to do. */
  let stir = (): void => {};
  let isOpen = false;
  let isFailing = false;
  /** The thread has not answered in time: nobody waits until it does. */
  let isLate = false;
  let failed = 0;
  /** How many texts the thread is writing. */
  let underWay = 0;
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
    if (texts.unwritten === 0) return { kind: 'done' };
    const entries = texts.take();
    underWay = entries.length;
    const answer = await thread.ask({ ask: 'write', entries });
    underWay = 0;
    if (answer.kind !== 'failed') return answer;
    texts.giveBack(entries);
    isOpen = false;
    return answer;
  }

  function tell(answer: Answer): void {
    const wasWell = !isFailing && !isLate;
    const wasFailing = isFailing;
    isFailing = answer.kind === 'failed';
    isLate = false;
    if (isFailing) failed++;
    if (answer.kind === 'failed' && !wasFailing) {
      const { why, isInUse = false } = answer;
      log[isInUse ? 'error' : 'warn']({ path, why, hint: HINT }, `the store cannot be written: ${MEANWHILE}`);
    }
    if (!isFailing && !wasWell) log.info({ path, failed }, 'the store is written again');
  }

  function tellLate(): void {
    if (!isLate) log.warn({ path, hint: HINT }, `the disk of the store does not answer: ${MEANWHILE}`);
    isLate = true;
  }

  function takeWaiting(): Wait | undefined {
    const taken = waiting;
    waiting = undefined;
    return taken;
  }

  /** One commit; who waited for it hears of it, and where the disk fails, nobody waits on. */
  async function round(): Promise<void> {
    const served = takeWaiting();
    tell(await attempt());
    served?.end();
    if (isFailing) takeWaiting()?.end();
  }

  async function work(): Promise<void> {
    for (;;) {
      await round();
      if (isClosing && (isFailing || (texts.unwritten === 0 && waiting === undefined))) return;
      if (isFailing) await sleep(retryMs);
      else await untilThereIsMore();
    }
  }

  async function untilThereIsMore(): Promise<void> {
    if (texts.unwritten === 0 && waiting === undefined) await sleep();
    if (waiting === undefined) await sleep(GROUP_MS);
  }

  /** For so long, or until there is something to do. */
  async function sleep(ms?: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ms === undefined) stir = resolve;
      else timer = setTimeout(resolve, ms);
      if (isClosing) resolve();
    });
    clearTimeout(timer);
    wake = () => {};
    stir = () => {};
  }

  const opened = aWait(OPEN_MS, () => {});
  waiting = opened;
  const working = work();
  await opened.over;
  return {
    all: (kind) => texts.all(kind),
    get failed() {
      return failed;
    },
    later(entries) {
      for (const entry of entries) texts.set(entry);
      stir();
    },
    put(entries) {
      for (const entry of entries) texts.set(entry);
      if (isClosing || isFailing || isLate) return Promise.resolve();
      waiting ??= aWait(PATIENCE_MS, tellLate);
      wake();
      return waiting.over;
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
        const unwritten = texts.unwritten + underWay;
        if (unwritten > 0) log.warn({ path, unwritten }, 'the store ends with something that is not on disk');
      })();
      return closing;
    },
  };
}

interface Wait {
  /** Settles when it is ended, or has taken too long. */
  readonly over: Promise<void>;
  end(): void;
}

function aWait(longestMs: number, onTooLong: () => void): Wait {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    onTooLong();
    resolve();
  }, longestMs);
  return {
    over,
    end() {
      clearTimeout(timer);
      resolve();
    },
  };
}
