import { setTimeout as delay } from 'node:timers/promises';
import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { type EngineClient, lastWords } from './engine-client.ts';
import { reasonOf } from './reason.ts';
import { recentDeaths, restartWaitMs } from './restart.ts';

/** A client that has loaded its model; its process is gone soon after `signal`. */
export type StartEngine = (signal: AbortSignal) => Promise<EngineClient>;

export interface SeatOptions {
  readonly start: StartEngine;
  readonly log: Log;
  /** Called when the seat is filled, and when it never will be again. */
  readonly onChange: () => void;
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

  /** Why nobody will sit here again. */
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

  /** Leaves the seat empty when it is being closed or the process has died too often. */
  async #fill(lastWord: string): Promise<void> {
    const { start, log } = this.#options;
    const { signal } = this.#closing;
    let why = lastWord;
    while (!signal.aborted && this.#client === undefined) {
      const now = performance.now();
      this.#deaths = [...recentDeaths(this.#deaths, now), now];
      const waitMs = restartWaitMs(this.#deaths.length);
      if (waitMs === undefined) return this.#giveUp(why);
      log.warn({ waitMs, deaths: this.#deaths.length }, `${why}; it is started again`);
      await delay(waitMs, undefined, { signal }).catch(() => {}); // only closing rejects
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

  #giveUp(why: string): void {
    const deaths = this.#deaths.length;
    const message = `the engine process died ${deaths} times within a minute and stays down; lastly: ${why}`;
    this.#lastWord = new FalconetError('ENGINE_GONE', message, {
      hint: 'Try another engine with model.engine, or see whether memory runs out',
      facts: { deaths },
    });
    this.#options.log.error({ deaths }, message);
  }
}
