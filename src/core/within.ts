/** Resolves when the task has settled or after `ms`, whichever is first; leaves no timer behind. */
export async function within(ms: number, task: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  const settled = task.then(
    () => {},
    () => {}, // whoever started the task hears of it
  );
  await Promise.race([settled, timeUp]);
  clearTimeout(timer);
}
