import type { Migrations } from '../lib/migrate.ts';

/** Of `falconet-gateway`. */
export const MIGRATIONS: Migrations = [
  // 2 says how long things are kept, and whether Home Assistant hears of them.
  (saved) => ({ ...saved, homeassistant: false, eventsDays: '', eventsGb: '', outboxHours: '' }),
];
