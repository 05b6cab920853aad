import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What a reader got since it was asked before. */
export interface Arrived {
  readonly events: number;
  readonly repeats: number;
  /** How often a camera skipped a number. */
  readonly gaps: number;
}

/** Reads events of a broker in a process of its own. */
export interface EventCounter {
  /** Half a second later, when all that was acknowledged is through. */
  arrived(): Promise<Arrived>;
  close(): void;
}

export async function startEventCounter(url: string): Promise<EventCounter> {
  const child = fork(fileURLToPath(new URL('./event-counter.ts', import.meta.url)), [url]);
  await once(child, 'message');
  return {
    async arrived() {
      await wait(500);
      child.send('');
      const [told] = await once(child, 'message');
      return told as Arrived;
    },
    close: () => child.disconnect(),
  };
}
