import { styleText } from 'node:util';
import type { FalconetEvent } from '../../core/schema/event.ts';

const COLOURS = { new: 'green', update: 'dim', end: 'yellow' } as const;

/** One event as a line, with the time of the clip at which it was sent. For stdout. */
export function eventText(event: FalconetEvent, startMs: number): string {
  const { type, label, score, reason, id, time, track } = event;
  const at = `${clipSeconds(time, startMs)} s`.padStart(9);
  const age = type === 'new' ? '' : `  ${track.age_s.toFixed(1)} s old`;
  const line = `${at}  ${type.padEnd(6)}  ${label}  score ${score.median.toFixed(2)}${age}  ${reason.join(', ')}  ${id}`;
  return styleText(COLOURS[type], line);
}

/** Seconds since the clip's first frame, such as `12.4`. */
function clipSeconds(time: string, startMs: number): string {
  return ((Date.parse(time) - startMs) / 1_000).toFixed(1);
}
