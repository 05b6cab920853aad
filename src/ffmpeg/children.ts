import { type Child, type ChildOptions, startChild } from './child.ts';

/**
 * The living children of one pipeline. Unsubscribing cannot wait for an ffmpeg to end, so the pipeline's `close`
 * waits here.
 */
export interface Children {
  /** pids of those that have not ended. */
  readonly pids: readonly number[];
  start(options: ChildOptions): Child;
  /** Ends them all, and at once whichever is started later. Idempotent, never rejects, done within 3 s. */
  closeAll(): Promise<void>;
}

export function createChildren(): Children {
  const living = new Set<Child>();
  let isClosing = false;
  return {
    get pids() {
      return [...living].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
    start(options) {
      const child = startChild(options);
      living.add(child);
      const forget = (): void => {
        living.delete(child);
      };
      child.ended.then(forget, forget);
      if (isClosing) void child.close();
      return child;
    },
    async closeAll() {
      isClosing = true;
      while (living.size > 0) await Promise.all([...living].map((child) => child.close()));
    },
  };
}
