import type { Detector } from '../../src/core/detection.ts';

export interface SharedDetectorOptions {
  /** How many engine processes it will have; callers run at most twice as many pictures at once. */
  readonly processes: number;
  readonly open: () => Promise<Detector>;
}

/** One detector for all that use it: opened for the first, closed with the last. */
export class SharedDetector {
  readonly processes: number;
  readonly #open: () => Promise<Detector>;
  #users = 0;
  #detector: Promise<Detector> | undefined;
  /** Two never run at once: the next is opened when the one before has gone. */
  #closed: Promise<void> = Promise.resolve();

  constructor({ processes, open }: SharedDetectorOptions) {
    this.processes = processes;
    this.#open = open;
  }

  /** One that cannot be opened: all that use it are told why. */
  static failing(reason: unknown): SharedDetector {
    return new SharedDetector({ processes: 1, open: () => Promise.reject(reason) });
  }

  /** The same for all until the last has released it; also when it could not be opened. */
  acquire(): Promise<Detector> {
    this.#users++;
    this.#detector ??= this.#closed.then(() => this.#open());
    return this.#detector;
  }

  /** Once for each `acquire`. Never rejects; for the last one, settles when no process is left. */
  async release(): Promise<void> {
    this.#users--;
    if (this.#users > 0 || this.#detector === undefined) return;
    const last = this.#detector;
    this.#detector = undefined;
    this.#closed = last.then(
      (detector) => detector.close(),
      () => {}, // whoever acquired it was told why
    );
    await this.#closed;
  }
}
