import type { FalconetEvent } from '../core/schema/event.ts';

/** Columns of an event in CSV, in their order; lists are joined by a blank. */
const COLUMNS: Readonly<Record<string, (event: FalconetEvent) => string | number | null>> = {
  time: ({ time }) => time,
  type: ({ type }) => type,
  reason: ({ reason }) => reason.join(' '),
  camera: ({ camera }) => camera,
  label: ({ label }) => label,
  id: ({ id }) => id,
  seq: ({ seq }) => seq,
  start: ({ start }) => start,
  end: ({ end }) => end,
  score: ({ score }) => score.current,
  best_score: ({ score }) => score.best,
  median_score: ({ score }) => score.median,
  x: ({ box }) => box[0],
  y: ({ box }) => box[1],
  width: ({ box }) => box[2],
  height: ({ box }) => box[3],
  stationary: ({ track }) => String(track.stationary),
  zones: ({ zones }) => zones.current.join(' '),
  zones_entered: ({ zones }) => zones.entered.join(' '),
  lines: ({ lines }) => lines.map(({ name, direction }) => `${name}:${direction}`).join(' '),
  image: ({ image }) => image?.ref ?? null,
  clip: ({ clip }) => clip?.ref ?? null,
  late_s: ({ late_s: late }) => late,
  gateway: ({ gateway }) => gateway,
  run: ({ run }) => run,
  stream_seq: ({ stream_seq: seq }) => seq,
};

/** First line of a file of events. */
export const CSV_HEAD = Object.keys(COLUMNS).join(',');

/** An event as a line of CSV (RFC 4180), without its line break; what is not there is an empty cell. */
export function csvLine(event: FalconetEvent): string {
  return Object.values(COLUMNS)
    .map((cellOf) => quoted(String(cellOf(event) ?? '')))
    .join(',');
}

/** A line break in a cell would be half a line to whoever reads by lines, so it becomes a blank. */
function quoted(cell: string): string {
  const line = cell.replaceAll(/[\r\n]+/g, ' ');
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}
