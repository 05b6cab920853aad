import type { Config } from '../config/schema.ts';
import type { ArchivePlace } from '../sinks/archive/messages.ts';

const DAY_MS = 86_400_000;

type Kept = Pick<Config['data'], 'events_days' | 'events_gb' | 'events_reserve_gb'>;

/** How much an event store keeps, as a configuration says it; undefined where it wants none. */
export function archiveLimits(data: Kept): ArchivePlace['limits'] | undefined {
  const { events_days: days, events_gb: gigabytes, events_reserve_gb: reserve } = data;
  if (days === 'off') return undefined;
  return { maxAgeMs: days * DAY_MS, maxBytes: gigabytes * 1e9, reserveBytes: reserve * 1e9 };
}
