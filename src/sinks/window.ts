/**
 * Lets at most `size` tasks run at once; the others start in the order in which they came.
 *
 * @returns a function that runs a task when there is room and settles as the task does.
 */
export function slidingWindow(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = size;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
