import type { Config } from '../config/schema.ts';
import type { QueueLimits } from '../sinks/queue.ts';

type Kept = Pick<Config['data'], 'outbox_events' | 'outbox_mb' | 'outbox_hours'>;

/** How much may wait for each sink, as a configuration says it. */
export function outboxLimits(data: Kept): Required<QueueLimits> {
  const { outbox_events: limit, outbox_mb: megabytes, outbox_hours: hours } = data;
  return { limit, limitBytes: megabytes * 1e6, maxAgeMs: hours * 3_600_000 };
}

/** How long a broker keeps an event for its readers, s. */
export function expiryS({ outbox_hours: hours }: Pick<Kept, 'outbox_hours'>): number {
  return Math.ceil(hours * 3_600);
}
