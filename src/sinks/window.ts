/** Lets only so many tasks run at once; the others start in the order in which they came. */
export interface SlidingWindow {
  /** Runs a task when there is room; settles as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** From here on at most so many, at least 1; what runs already goes on. */
  resize(size: number): void;
}

export function slidingWindow(size: number): SlidingWindow {
  const waiting: (() => void)[] = [];
  let most = size;
  let running = 0;

  function startNext(): void {
    while (running < most) {
      const next = waiting.shift();
      if (next === undefined) return;
      running += 1;
      next();
    }
  }

  return {
    async run(task) {
      const started = new Promise<void>((resolve) => waiting.push(resolve));
      startNext();
      await started;
      try {
        return await task();
      } finally {
        running -= 1;
        startNext();
      }
    },
    resize(wanted) {
      most = Math.max(1, wanted);
      startNext();
    },
  };
}
