import type { Duplex } from 'node:stream';
import type { Detection, DetectionJob, Square } from '../core/detection.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { EngineVersion } from './engines/engine.ts';
import type { Answer, Batch } from './messages.ts';
import { encodeHead, MessageReader } from './protocol.ts';
import { reasonOf } from './reason.ts';

/** How a child process ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Its last words, free of credentials. */
  readonly stderr: string;
  /** Why we ended it ourselves, where we did. */
  readonly fault?: string;
}

/** The part of a child process that a client needs. */
export interface EngineChild {
  /** Both directions of the child's file descriptor 3. */
  readonly pipe: Duplex;
  readonly exited: Promise<Exit>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** A job that passed its checks. */
export type CheckedJob = DetectionJob & { readonly squares: readonly Square[] };

interface Waiting {
  /** Of all its jobs. */
  readonly squares: number;
  readonly resolve: (detections: Detection[][]) => void;
  readonly reject: (error: Error) => void;
}

const KILL_AFTER_MS = 2_000;
/** Forty times what a square takes in WebAssembly on a PC, and the pause of a board that swaps. */
const PATIENCE_MS = 10_000;
const PATIENCE_A_SQUARE_MS = 2_000;

/** Our end of one engine process, from its start to its end. */
export class EngineClient {
  /**
   * Settles when the model is loaded, or rejects.
   *
   * @throws ENGINE_FAILED with the child's own reason, or with its last words when it died.
   */
  readonly ready: Promise<EngineVersion>;
  /** When the process is gone, for whatever reason. */
  readonly ended: Promise<Exit>;
  readonly #child: EngineChild;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #exit: Exit | undefined;
  /** Why we ended the process ourselves. */
  #fault: Error | undefined;
  /** Runs while a batch is unanswered. */
  #alarm: NodeJS.Timeout | undefined;
  readonly #patienceMs: number;

  /** @param patienceMs - what a process has for an answer, besides 2 s for each square. */
  constructor(child: EngineChild, patienceMs = PATIENCE_MS) {
    this.#child = child;
    this.#patienceMs = patienceMs;
    this.ended = child.exited.then((exit) => this.#bury(exit));
    this.ready = new Promise((resolve, reject) => {
      this.#listen(resolve, reject);
      void this.ended.then((exit) =>
        reject(new FalconetError('ENGINE_FAILED', lastWords(exit), { facts: { ...exit } })),
      );
    });
  }

  /** Batches sent and not yet answered. */
  get outstanding(): number {
    return this.#waiting.size;
  }

  get isGone(): boolean {
    return this.#exit !== undefined;
  }

  /**
   * Detections of each job. The pixels go to the pipe as they are, without a copy in JavaScript.
   *
   * @throws ENGINE_ENDED when the process died with this batch or was killed because no answer came;
   *   ENGINE_FAILED when it refused it.
   */
  detect(jobs: readonly CheckedJob[]): Promise<Detection[][]> {
    return new Promise((resolve, reject) => {
      if (this.#exit !== undefined) return reject(endedError(this.#exit, this.#fault));
      const id = this.#nextId++;
      send(this.#child.pipe, id, jobs);
      const squares = jobs.reduce((sum, job) => sum + job.squares.length, 0);
      this.#waiting.set(id, { squares, resolve, reject });
      if (this.#waiting.size === 1) this.#expectAnswer();
    });
  }

  /** Idempotent, never rejects, done within some 2 s. */
  async close(): Promise<void> {
    this.#child.pipe.end();
    this.#child.kill('SIGTERM');
    const last = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await this.ended;
    clearTimeout(last);
  }

  #listen(resolve: (engine: EngineVersion) => void, reject: (error: Error) => void): void {
    const reader = new MessageReader();
    this.#child.pipe.on('data', (chunk: Buffer) => {
      try {
        for (const { header } of reader.push(chunk)) this.#take(header as Answer, resolve, reject);
      } catch (cause) {
        // What comes after garbage cannot be told from it, so this process is of no more use.
        reject(asError(cause));
        this.#giveUp(asError(cause));
      }
    });
    // A child that dies may reset the pipe; unheard, that would end the gateway. `exited` tells the story.
    this.#child.pipe.on('error', () => {});
  }

  #take(answer: Answer, ready: (engine: EngineVersion) => void, unable: (error: Error) => void): void {
    switch (answer.kind) {
      case 'ready':
        ready(answer.engine);
        break;
      case 'unable':
        unable(failedError(answer.why, answer.hint));
        break;
      case 'detections':
        this.#settle(answer.id)?.resolve(answer.detections);
        break;
      case 'failed':
        this.#settle(answer.id)?.reject(failedError(answer.why));
        break;
    }
  }

  #settle(id: number): Waiting | undefined {
    const batch = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#expectAnswer();
    return batch;
  }

  /** Batches are answered in their order, so the clock runs for the oldest alone, from the answer before. */
  #expectAnswer(): void {
    clearTimeout(this.#alarm);
    const [oldest] = this.#waiting.values();
    if (oldest === undefined) return;
    const limitMs = this.#patienceMs + oldest.squares * PATIENCE_A_SQUARE_MS;
    this.#alarm = setTimeout(() => {
      // Where we were held up ourselves, the answer may lie in the pipe: that is read before immediates run.
      setImmediate(() => {
        const [still] = this.#waiting.values();
        if (still === oldest) this.#giveUp(new Error(`no answer within ${limitMs} ms`));
      });
    }, limitMs);
  }

  /** SIGTERM would wait in a process that is stopped. */
  #giveUp(fault: Error): void {
    this.#fault ??= fault;
    this.#child.kill('SIGKILL');
  }

  #bury(ended: Exit): Exit {
    clearTimeout(this.#alarm);
    const exit = this.#fault === undefined ? ended : { ...ended, fault: reasonOf(this.#fault) };
    this.#exit = exit;
    for (const batch of this.#waiting.values()) batch.reject(endedError(exit, this.#fault));
    this.#waiting.clear();
    return exit;
  }
}

/** One sentence about an end: how, and what was said last. */
export function lastWords({ exitCode, signal, stderr, fault }: Exit): string {
  if (fault !== undefined) return `the engine process was killed: ${fault}`;
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
  return `the engine process ended ${how}${stderr === '' ? '' : `: ${stderr.trim()}`}`;
}

function failedError(why: string, hint?: string): FalconetError {
  return new FalconetError('ENGINE_FAILED', why, hint === undefined ? {} : { hint });
}

function endedError(exit: Exit, cause: Error | undefined): FalconetError {
  return new FalconetError('ENGINE_ENDED', lastWords(exit), { facts: { ...exit }, cause });
}

/** Header and pixels leave in one system call: Node hands corked writes to the kernel as they are (writev). */
function send(pipe: Duplex, id: number, jobs: readonly CheckedJob[]): void {
  const pixels = jobs.map(({ frame }) => frame.data.subarray(0, frame.width * frame.height * 3));
  const batch: Batch = {
    id,
    jobs: jobs.map(({ frame: { width, height }, squares }) => ({ width, height, squares })),
  };
  const bytes = pixels.reduce((sum, { length }) => sum + length, 0);
  const head = encodeHead(batch, bytes); // before the cork: of a batch that is too large, nothing may stay in the pipe
  pipe.cork();
  pipe.write(head);
  for (const part of pixels) pipe.write(part);
  pipe.uncork();
}
