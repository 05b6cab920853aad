import type { Point, Polygon } from './polygon.ts';

/**
 * Which cells of a picture of `width` x `height` cells any of the polygons touches: row-major, 1 where it does, 0
 * elsewhere. A cell of which a polygon holds no more than a corner counts, so that what is to be hidden is hidden whole.
 */
export function touchedCells(
  polygons: readonly Polygon[],
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const cells = new Uint8Array(width * height);
  for (const polygon of polygons) {
    const corners = polygon.map(([x, y]): Point => [x * width, y * height]);
    const edges = corners.map((from, i) => [from, corners[(i + 1) % corners.length] as Point] as const);
    const top = Math.max(0, Math.floor(Math.min(...corners.map(([, y]) => y))));
    const bottom = Math.min(height - 1, Math.floor(Math.max(...corners.map(([, y]) => y))));
    for (let row = top; row <= bottom; row++) {
      const line = cells.subarray(row * width, (row + 1) * width);
      for (const [from, to] of edges) fillEdge(line, from, to, row);
      fillInside(line, edges, row + 0.5);
    }
  }
  return cells;
}

/** The cells of a row that an edge runs through. */
function fillEdge(line: Uint8Array, a: Point, b: Point, row: number): void {
  const low = Math.max(Math.min(a[1], b[1]), row);
  const high = Math.min(Math.max(a[1], b[1]), row + 1);
  if (low > high) return;
  const isFlat = a[1] === b[1];
  const from = isFlat ? a[0] : xAt(a, b, low);
  const to = isFlat ? b[0] : xAt(a, b, high);
  line.fill(1, Math.max(0, Math.floor(Math.min(from, to))), Math.max(0, Math.floor(Math.max(from, to)) + 1));
}

/** The cells of a row between each two edges that its middle line crosses. */
function fillInside(line: Uint8Array, edges: readonly (readonly [Point, Point])[], y: number): void {
  const crossings = edges
    .filter(([a, b]) => a[1] > y !== b[1] > y)
    .map(([a, b]) => xAt(a, b, y))
    .sort((p, q) => p - q);
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    line.fill(1, Math.max(0, Math.floor(crossings[i] as number)), Math.ceil(crossings[i + 1] as number));
  }
}

function xAt(a: Point, b: Point, y: number): number {
  return a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
}
