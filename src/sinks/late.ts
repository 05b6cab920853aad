import type { FalconetEvent } from '../core/schema/event.ts';

/** The event as it leaves: `late_s` is the time from its frame's arrival to now, in s, to the millisecond. */
export function leavingAt(event: FalconetEvent, nowMs: number): FalconetEvent {
  return { ...event, late_s: Math.max(0, nowMs - Date.parse(event.time)) / 1000 };
}
