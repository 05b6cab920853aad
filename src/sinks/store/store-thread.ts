import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Request } from './messages.ts';

/** Our end of the store's thread. */
export interface StoreThread {
  /** One request at a time. Never rejects: a thread that has ended fails it. */
  ask(request: Request): Promise<Answer>;
  /** Ends it, whatever it does. */
  end(): Promise<unknown>;
}

/** Next to this file, whether that is a source or was built. */
const PROGRAM = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/** By itself V8 would let 30 MB of rows that are long written lie about. */
const YOUNG_MB = 4;

/** @param path - of the file. */
export function startStoreThread(path: string): StoreThread {
  const worker = new Worker(PROGRAM, {
    workerData: path,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    execArgv: ['--disable-warning=ExperimentalWarning'], // Node 22 has one for node:sqlite
  });
  let isOver = false;
  let answered: (answer: Answer) => void = () => {};
  let why = 'its thread has ended';
  worker.on('message', (answer: Answer) => answered(answer));
  worker.on('error', (error) => {
    why = `its thread has ended: ${error.message}`;
  });
  worker.on('exit', () => {
    isOver = true;
    answered({ kind: 'failed', why });
  });
  return {
    ask(request) {
      if (isOver) return Promise.resolve({ kind: 'failed', why });
      worker.postMessage(request);
      return new Promise((resolve) => {
        answered = resolve;
      });
    },
    end: () => worker.terminate(),
  };
}
