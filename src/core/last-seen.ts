import type { FalconetEvent } from './schema/event.ts';

/** When the object of a message had been seen last, ms since the epoch: its `end`, where it has none yet. */
export function lastSeenAt({ start, track }: Pick<FalconetEvent, 'start' | 'track'>): number {
  return Date.parse(start) + Math.round(track.age_s * 1_000);
}
