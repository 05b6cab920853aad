import type { Clock } from '../core/clock.ts';
import { asError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { type RetentionLimits, removeOldClips } from '../media/retention.ts';
import { clipsFolder } from './clips.ts';

export interface ClipRetention {
  /** Looks for clips that are too old or too many, unless that is under way. */
  check(): void;
  close(): void;
}

const EVERY_MS = 10 * 60_000;

/** Keeps the clips of a data folder within their limits: now, every ten minutes, and when `check` is called. */
export function clipRetention({
  folder,
  limits,
  clock,
  log,
}: {
  readonly folder: string;
  readonly limits: RetentionLimits;
  readonly clock: Clock;
  readonly log: Log;
}): ClipRetention {
  const startedAt = clock.now();
  let isChecking = false;

  async function remove(): Promise<void> {
    try {
      const removed = await removeOldClips(clipsFolder(folder), limits, { now: clock.now(), startedAt });
      if (removed > 0) log.debug({ removed }, 'old clips were removed');
    } catch (error) {
      log.warn({ folder, error: asError(error).message }, 'old clips could not be removed');
    }
    isChecking = false;
  }

  const check = (): void => {
    if (isChecking) return;
    isChecking = true;
    void remove();
  };
  check();
  const timer = setInterval(check, EVERY_MS).unref();
  return { check, close: () => clearInterval(timer) };
}
