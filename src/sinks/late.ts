import type { FalconetEvent } from '../core/schema/event.ts';
import { eventJson } from './store/event-json.ts';

/** The event as it leaves: `late_s` is the time from its frame's arrival to now, in s, to the millisecond. */
export function leavingAt(event: FalconetEvent, nowMs: number): FalconetEvent {
  return { ...event, late_s: lateS(event, nowMs) };
}

/** The same as JSON, made from the text that the store has of it. */
export function leavingJson(event: FalconetEvent, nowMs: number): string {
  // Within a string a quote has a backslash before it, so this finds the key and nothing else.
  return eventJson(event).replace(/"late_s":[^,}]*/, `"late_s":${lateS(event, nowMs)}`);
}

function lateS({ time }: FalconetEvent, nowMs: number): number {
  return Math.max(0, nowMs - Date.parse(time)) / 1000;
}
