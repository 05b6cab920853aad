import { join, resolve } from 'node:path';
import type { LoadedConfig } from '../config/load.ts';
import type { Keep } from '../core/keep.ts';
import type { Log } from '../core/log.ts';
import { journalIn, type StoredJournal } from '../sinks/store/journal.ts';
import { keepIn } from '../sinks/store/keep.ts';
import { openStore } from '../sinks/store/store.ts';

/** What a gateway keeps on disk; nothing of it where its configuration says so. */
export interface Data {
  readonly folder?: string;
  readonly journal?: StoredJournal;
  readonly keep?: Keep;
  /** Idempotent, never rejects, done within 2 s. */
  close(): Promise<void>;
}

/** A folder that cannot be used is no reason not to start: it is said, and tried again in the background. */
export async function openData(loaded: LoadedConfig, log: Log): Promise<Data> {
  const folder = dataFolder(loaded);
  if (folder === undefined) return { close: async () => {} };
  const store = await openStore({ path: join(folder, 'falconet.db'), log });
  return { folder, journal: journalIn(store), keep: keepIn(store), close: () => store.close() };
}

/** Where a configuration wants its data; undefined where it wants none. */
export function dataFolder({ config, folder }: LoadedConfig): string | undefined {
  const { path } = config.data;
  return path === 'off' ? undefined : resolve(folder, path);
}
