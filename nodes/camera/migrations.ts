import type { Migrations } from '../lib/migrate.ts';

/** Of `falconet-camera`. */
export const MIGRATIONS: Migrations = [
  // 2 has masks.
  (saved) => ({ ...saved, privacy: [] }),
];
