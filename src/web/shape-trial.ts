import { contains, type Point, type Polygon, sideOf } from '../core/polygon.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { CameraShapes, ShapeTrial } from '../core/shape-editor.ts';

type Seen = Pick<FalconetEvent, 'label' | 'track'>;

/**
 * What shapes would have made of events, by their paths: 32 points at most, so that a short visit between two of them
 * is missed, and one that trembles on an edge counts. Shapes that are none count nothing.
 */
export function tryShapes(
  { zones = {}, lines = {}, masks }: CameraShapes,
  events: readonly Seen[],
): ShapeTrial {
  const polygons = (masks?.object ?? []).map(polygonOf).filter((polygon) => polygon !== undefined);
  const isMasked = ({ track: { path } }: Seen): boolean =>
    path.length > 0 && path.every((point) => polygons.some((polygon) => contains(polygon, point)));
  const left = events.filter((event) => !isMasked(event));
  return {
    events: events.length,
    masked: events.length - left.length,
    zones: Object.fromEntries(Object.entries(zones).map(([name, zone]) => [name, inZone(left, zone)])),
    lines: Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, overLine(left, line)])),
  };
}

function inZone(events: readonly Seen[], zone: unknown): number {
  const polygon = polygonOf(field(zone, 'polygon'));
  if (polygon === undefined) return 0;
  return events.filter(
    (event) => isFor(zone, event) && event.track.path.some((point) => contains(polygon, point)),
  ).length;
}

function overLine(events: readonly Seen[], line: unknown): { in: number; out: number } {
  const [from, to] = [field(line, 'from'), field(line, 'to')];
  const totals = { in: 0, out: 0 };
  if (!isPoint(from) || !isPoint(to)) return totals;
  for (const { track } of events.filter((event) => isFor(line, event))) {
    const ways = crossings(track.path, from, to);
    if (ways.has('in')) totals.in++;
    if (ways.has('out')) totals.out++;
  }
  return totals;
}

/** From the left hand of who walks the line to the right one is in, as docs/rules.md has it. */
function crossings(path: readonly Point[], from: Point, to: Point): ReadonlySet<'in' | 'out'> {
  const ways = new Set<'in' | 'out'>();
  for (const [i, b] of path.entries()) {
    const a = path[i - 1];
    if (a === undefined) continue;
    const [before, after] = [sideOf(from, to, a), sideOf(from, to, b)];
    const isBetween = sideOf(a, b, from) > 0 !== sideOf(a, b, to) > 0;
    if (!isBetween || before > 0 === after > 0) continue;
    ways.add(after > 0 ? 'in' : 'out');
  }
  return ways;
}

/** A place without labels is for all. */
function isFor(place: unknown, { label }: Seen): boolean {
  const labels = field(place, 'labels');
  return !Array.isArray(labels) || labels.includes(label);
}

function field(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, key)
    ? (of as Record<string, unknown>)[key]
    : undefined;
}

function polygonOf(value: unknown): Polygon | undefined {
  return Array.isArray(value) && value.length >= 3 && value.every(isPoint) ? value : undefined;
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every((share) => Number.isFinite(share));
}
