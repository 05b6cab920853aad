import type { Migrations } from '../lib/migrate.ts';

/** Of `falconet-track`. */
export const MIGRATIONS: Migrations = [
  // 2 may have a falconet-gateway node, which has the name then; until one is chosen, the name stays.
  (saved) => ({ ...saved, gatewayNode: '' }),
];
