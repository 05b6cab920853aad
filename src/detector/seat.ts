import { setTimeout as delay } from 'node:timers/promises';
import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { type EngineClient, lastWords } from './engine-client.ts';
import { reasonOf } from './reason.ts';
import { MEMORY_MS, recentDeaths, restartWaitMs } from './restart.ts';

/** A client that has loaded its model; its process is gone soon after `signal`. */
export type StartEngine = (signal: AbortSignal) => Promise<EngineClient>;

export interface SeatOptions {
  readonly start: StartEngine;
  readonly log: Log;
  /** Called when the seat is filled, and when it stays empty for long. */
  readonly onChange: () => void;
  /** For how long it stays empty after too many deaths. @default 60_000 */
  readonly restMs?: number | undefined;
}

/** The place of one engine process, filled again when the process dies. */
export class Seat {
  #client: EngineClient | undefined;
  #lastWord: FalconetError | undefined;
  #deaths: number[] = [];
  readonly #options: SeatOptions;
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;

  constructor(first: EngineClient, options: SeatOptions) {
    this.#options = options;
    this.#client = first;
    this.#kept = this.#keep();
  }

  /** Who sits here now; nobody while a process is being started again. */
  get client(): EngineClient | undefined {
    // Batches learn of a death before the seat does; none of them may be sent after the dead.
    return this.#client?.isGone ? undefined : this.#client;
  }

  /** Why nobody sits here, nor will within a minute. */
  get lastWord(): FalconetError | undefined {
    return this.#lastWord;
  }

  /** Idempotent, never rejects, done within some 2 s. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.close();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    for (let client = this.#client; client !== undefined; client = this.#client) {
      const exit = await client.ended;
      this.#client = undefined;
      await this.#fill(lastWords(exit));
      this.#options.onChange();
    }
  }

  /** Leaves the seat empty when it is being closed. */
  async #fill(lastWord: string): Promise<void> {
    const { start, log } = this.#options;
    const { signal } = this.#closing;
    let why = lastWord;
    while (!signal.aborted && this.#client === undefined) {
      await this.#mourn(why);
      if (signal.aborted) return;
      try {
        this.#client = await start(signal);
        if (signal.aborted) await this.#client.close();
        else log.info({ deaths: this.#deaths.length }, 'an engine process looks again');
      } catch (error) {
        why = reasonOf(error);
      }
    }
  }

  /** Waits after a death; after too many for so long that nobody need wait for this seat. */
  async #mourn(why: string): Promise<void> {
    const { log, restMs = MEMORY_MS } = this.#options;
    const { signal } = this.#closing;
    const now = performance.now();
    this.#deaths = [...recentDeaths(this.#deaths, now), now];
    const deaths = this.#deaths.length;
    const waitMs = restartWaitMs(deaths);
    if (waitMs === undefined) this.#giveUp(why);
    else log.warn({ waitMs, deaths }, `${why}; it is started again`);
    await delay(waitMs ?? restMs, undefined, { signal }).catch(() => {}); // only closing rejects
    if (waitMs !== undefined || signal.aborted) return;
    this.#lastWord = undefined;
    this.#deaths = [];
  }

  #giveUp(why: string): void {
    const { log, onChange } = this.#options;
    const deaths = this.#deaths.length;
    const message = `the engine process died ${deaths} times within a minute and stays down for one; lastly: ${why}`;
    this.#lastWord = new FalconetError('ENGINE_GONE', message, {
      hint: 'Try another engine with model.engine, or see whether memory runs out',
      facts: { deaths },
    });
    log.error({ deaths }, message);
    onChange();
  }
}
