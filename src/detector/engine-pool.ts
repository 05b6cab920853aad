import type { Detection } from '../core/detection.ts';
import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { CheckedJob, EngineClient } from './engine-client.ts';
import { Seat, type StartEngine } from './seat.ts';

/** The next batch crosses while the one before is looked at; a third would only grow old in the pipe. */
const MOST_OUTSTANDING = 2;
/** Of batches that no process has yet; callers limit themselves long before. */
const MOST_WAITING = 64;

interface Waiting {
  readonly jobs: readonly CheckedJob[];
  readonly resolve: (detections: Promise<Detection[][]>) => void;
  readonly reject: (error: Error) => void;
}

export interface EnginePoolOptions {
  /** Ready, one for each process. */
  readonly clients: readonly EngineClient[];
  /** Makes another when one has died. */
  readonly start: StartEngine;
  readonly log: Log;
  /** For how long a place stays empty whose process died too often. @default 60_000 */
  readonly restMs?: number;
}

/** Engine processes that are kept running, and one queue before them all. */
export class EnginePool {
  readonly #seats: readonly Seat[];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor({ clients, start, log, restMs }: EnginePoolOptions) {
    const onChange = () => this.#dispatch();
    this.#seats = clients.map((client) => new Seat(client, { start, log, onChange, restMs }));
  }

  /**
   * Gives the batch to the process with the least to do; while each has two, it waits for its turn.
   *
   * @throws ENGINE_ENDED when its process died, and on close; ENGINE_GONE while each of them has died
   *   too often within a minute; ENGINE_FAILED when the engine refused it or more than 64 batches wait: callers limit how many they run.
   */
  detect(jobs: readonly CheckedJob[]): Promise<Detection[][]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === MOST_WAITING) return reject(crowded());
      this.#waiting.push({ jobs, resolve, reject });
      this.#dispatch();
    });
  }

  /** Idempotent, never rejects, done within some 2 s; leaves no process. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#dispatch();
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  #dispatch(): void {
    const end = this.#end();
    if (end !== undefined) {
      for (const { reject } of this.#waiting.splice(0)) reject(end);
    }
    for (let client = this.#leastBusy(); client !== undefined; client = this.#leastBusy()) {
      const batch = this.#waiting.shift();
      if (batch === undefined) return;
      const answer = client.detect(batch.jobs);
      batch.resolve(answer);
      const next = () => this.#dispatch();
      answer.then(next, next);
    }
  }

  #leastBusy(): EngineClient | undefined {
    return this.#seats
      .flatMap(({ client }) => (client !== undefined && client.outstanding < MOST_OUTSTANDING ? client : []))
      .sort((a, b) => a.outstanding - b.outstanding)[0];
  }

  /** Why no batch will be looked at. */
  #end(): FalconetError | undefined {
    if (this.#closed) return new FalconetError('ENGINE_ENDED', 'the detector was closed');
    return this.#seats.every(({ lastWord }) => lastWord !== undefined) ? this.#seats[0]?.lastWord : undefined;
  }
}

function crowded(): FalconetError {
  return new FalconetError(
    'ENGINE_FAILED',
    `expected at most ${MOST_WAITING} batches to wait, got one more`,
    {
      hint: 'Wait for answers before asking again',
    },
  );
}
