/** Lets tasks of one key begin one after the other, and those of others at once. */
export interface Turns {
  /** Whether a task of that key has not passed yet. */
  isTaken(key: string): boolean;
  /**
   * Runs a task when those of its key that came before it have passed; settles as the task does.
   *
   * @param task - calls `pass` when the next may begin; that is so at its end in any case.
   */
  take<T>(key: string, task: (pass: () => void) => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  /** Settles when the newest task of a key has passed. */
  const newest = new Map<string, Promise<void>>();
  return {
    isTaken: (key) => newest.has(key),
    async take(key, task) {
      const before = newest.get(key);
      const { promise: passed, resolve } = Promise.withResolvers<void>();
      newest.set(key, passed);
      const pass = (): void => {
        if (newest.get(key) === passed) newest.delete(key);
        resolve();
      };
      await before;
      try {
        return await task(pass);
      } finally {
        pass();
      }
    },
  };
}
