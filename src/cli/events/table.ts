import { join } from 'node:path';
import type { FalconetEvent } from '../../core/schema/event.ts';

const HEAD = ['began', 'camera', 'label', 'score', 'seen for', 'zones and lines', 'picture'];

/** Lives as the lines of a table, the head first. @param pictures - their folder. */
export function eventTable(events: readonly FalconetEvent[], pictures: string): string[] {
  const rows = [HEAD, ...events.map((event) => eventRow(event, pictures))];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The cells of one life, in local time. */
export function eventRow(event: FalconetEvent, pictures: string): string[] {
  const { start, end, camera, label, score, zones, lines, image } = event;
  const places = [...zones.entered, ...lines.map(({ name, direction }) => `${name} ${direction}`)];
  return [
    localTime(start),
    camera,
    label,
    score.best.toFixed(2),
    end === null ? 'still there' : timeSpan(Date.parse(end) - Date.parse(start)),
    places.join(', '),
    image === null ? '' : join(pictures, image.ref),
  ];
}

/** Such as `2026-11-24 08:22:54`. */
function localTime(time: string): string {
  return new Date(time).toLocaleString('sv'); // Swedes write dates as ISO 8601 does
}

/** Such as `12 s`, `3 min` or `2.5 h`. */
function timeSpan(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
