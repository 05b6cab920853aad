/** Lets only so many tasks run at once; the others start in the order in which they came. */
export interface SlidingWindow {
  /** Runs a task, which throws nothing, when there is room, at once if there is; settles as its promise does. */
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

  function perform<T>(task: () => Promise<T>): Promise<T> {
    const settled = task();
    settled.then(leave, leave);
    return settled;
  }

  function leave(): void {
    running -= 1;
    startNext();
  }

  return {
    run(task) {
      if (running < most) {
        running += 1;
        return perform(task);
      }
      return new Promise((resolve) => waiting.push(() => resolve(perform(task))));
    },
    resize(wanted) {
      most = Math.max(1, wanted);
      startNext();
    },
  };
}
