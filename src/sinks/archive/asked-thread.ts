import { Worker } from 'node:worker_threads';
import { asError } from '../../core/error.ts';

/** Our end of a thread that answers each request, in their order. */
export interface AskedThread<Request, Answer> {
  /** @throws where the thread ends before it has answered; the next request starts another. */
  ask(request: Request): Promise<Answer>;
  /** Ends it, whatever it does. Never rejects. */
  end(): Promise<void>;
}

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** What it holds is soon gone again; without a limit V8 would let it lie. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/** @param program - of the thread; it gets `data` as its `workerData`. */
export function askedThread<Request, Answer>(program: URL, data: unknown): AskedThread<Request, Answer> {
  let worker: Worker | undefined;
  const waiting: Asked<Answer>[] = [];

  function fail(cause: Error): void {
    worker = undefined;
    for (const { reject } of waiting.splice(0)) reject(cause);
  }

  function start(): Worker {
    const started = new Worker(program, {
      workerData: data,
      resourceLimits: LIMITS,
      execArgv: ['--disable-warning=ExperimentalWarning'], // Node 22 has one for node:sqlite
    });
    started.on('message', (answer: Answer) => waiting.shift()?.resolve(answer));
    started.on('error', (error) => fail(asError(error)));
    started.on('exit', () => {
      if (worker === started) fail(new Error('its thread has ended'));
    });
    started.unref(); // who waits for an answer keeps the process, an idle thread does not
    return started;
  }

  return {
    ask(request) {
      worker ??= start();
      const asked = worker;
      return new Promise((resolve, reject) => {
        asked.ref();
        const settle = (): void => {
          if (waiting.length === 0) asked.unref();
        };
        waiting.push({
          resolve(answer) {
            settle();
            resolve(answer);
          },
          reject,
        });
        asked.postMessage(request);
      });
    },
    async end() {
      await worker?.terminate();
    },
  };
}
