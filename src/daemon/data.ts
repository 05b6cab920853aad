import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../config/load.ts';
import type { Keep } from '../core/keep.ts';
import type { Log } from '../core/log.ts';
import { within } from '../core/within.ts';
import { outboxLimits } from '../pipeline/outbox-limits.ts';
import { ringsFolder } from '../pipeline/recorder.ts';
import { type Outbox, outboxesIn } from '../sinks/outbox.ts';
import type { QueueLimits } from '../sinks/queue.ts';
import { journalIn, type StoredJournal } from '../sinks/store/journal.ts';
import { keepIn } from '../sinks/store/keep.ts';
import { openStore } from '../sinks/store/store.ts';

/** What a gateway keeps on disk; nothing of it where its configuration says so. */
export interface Data {
  readonly folder?: string;
  readonly journal?: StoredJournal;
  readonly keep?: Keep;
  /** What waits for a sink, by its place. */
  readonly outboxOf?: (place: string) => Outbox;
  /** Of what waits for each sink. */
  readonly limits: QueueLimits;
  /** Idempotent, never rejects, done within 2 s. */
  close(): Promise<void>;
}

/** A disk that hangs must not keep a gateway from its start. */
const CLEAR_MS = 5_000;

/**
 * Before any camera is recorded, and after whatever was. A folder that cannot be used is no reason not to start: it is
 * said, and tried again in the background.
 */
export async function openData(loaded: LoadedConfig, log: Log): Promise<Data> {
  const folder = dataFolder(loaded);
  const limits = outboxLimits(loaded.config.data);
  if (folder === undefined) return { limits, close: async () => {} };
  // What a crash left there shows what masks hide, and its camera may be recorded no more.
  const cleared = rm(ringsFolder(folder), { recursive: true, force: true });
  const [store] = await Promise.all([
    openStore({ path: join(folder, 'falconet.db'), log }),
    within(CLEAR_MS, cleared),
  ]);
  return {
    folder,
    limits,
    journal: journalIn(store),
    keep: keepIn(store),
    outboxOf: outboxesIn(store, { log, maxAgeMs: limits.maxAgeMs }),
    close: () => store.close(),
  };
}

/** Whether a configuration wants the data that are open. */
export function holdsDataOf(loaded: LoadedConfig, { folder, limits }: Data): boolean {
  return folder === dataFolder(loaded) && isDeepStrictEqual(limits, outboxLimits(loaded.config.data));
}

/** Where a configuration wants its data; undefined where it wants none. */
export function dataFolder({ config, folder }: LoadedConfig): string | undefined {
  const { path } = config.data;
  return path === 'off' ? undefined : resolve(folder, path);
}
