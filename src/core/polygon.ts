/** x, y in 0..1 of the picture, origin top left. */
export type Point = readonly [x: number, y: number];

/** Corners in order, at least three; the last is joined to the first. */
export type Polygon = readonly Point[];

/**
 * Which side of the way from `a` to `b` a point lies on: above 0 on the right hand of who walks it, below 0 on the
 * left, 0 on the straight line through both. Twice the area of the triangle, exact where the products are, as on a grid
 * of 1/2^n.
 */
export function sideOf(a: Point, b: Point, point: Point): number {
  return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
}

/** Whether a point lies on the straight piece from `a` to `b`, ends included. */
function isOnSegment(a: Point, b: Point, point: Point): boolean {
  return sideOf(a, b, point) === 0 && isBetween(a, b, point, 0) && isBetween(a, b, point, 1);
}

/**
 * Whether a point lies in a polygon, its edges and corners included: an object that is cut off by the lower edge of
 * the picture stands on the edge of a zone that reaches down to it.
 *
 * Counts the edges that a ray to the right crosses (W. R. Franklin, "PNPOLY"); an edge has its upper end and not its
 * lower one, so that a ray through a corner counts it once.
 */
export function contains(polygon: Polygon, point: Point): boolean {
  const y = point[1];
  let inside = false;
  let a = polygon.at(-1) as Point;
  for (const b of polygon) {
    const isAbove = a[1] > y && b[1] > y;
    const isBelow = a[1] < y && b[1] < y;
    if (!isAbove && !isBelow) {
      const side = sideOf(a, b, point);
      if (side === 0 && isBetween(a, b, point, 0)) return true; // on the edge
      if (a[1] > y !== b[1] > y && side > 0 === a[1] > b[1]) inside = !inside;
    }
    a = b;
  }
  return inside;
}

/**
 * What is wrong with a polygon, in words; corners are counted from 1. Undefined for a simple polygon: its edges meet at
 * corners, each corner joins two of them, and they lie on no line.
 */
export function polygonFault(polygon: Polygon): string | undefined {
  const edges = polygon.map((from, i) => ({ from, to: polygon[(i + 1) % polygon.length] as Point }));
  if (edges.length < 3) return `expected at least 3 corners, got ${edges.length}`;
  for (const [i, { from, to }] of edges.entries()) {
    const next = (i + 1) % edges.length;
    if (from[0] === to[0] && from[1] === to[1]) return `corners ${i + 1} and ${next + 1} are the same`;
  }
  for (const [i, first] of edges.entries()) {
    for (const [j, second] of edges.entries()) {
      if (j <= i || !areAtOdds(first, second, j === i + 1, i === 0 && j === edges.length - 1)) continue;
      return `the edge from corner ${i + 1} and the edge from corner ${j + 1} meet; name the corners in the order of a walk around`;
    }
  }
  return undefined;
}

interface Edge {
  readonly from: Point;
  readonly to: Point;
}

/** Whether two edges meet where they may not: neighbours do in their common corner, and must not fold back on it. */
function areAtOdds(first: Edge, second: Edge, follows: boolean, precedes: boolean): boolean {
  if (follows) return isFold(first.from, first.to, second.to);
  if (precedes) return isFold(second.from, second.to, first.to);
  return segmentsMeet(first, second);
}

function isFold(a: Point, corner: Point, b: Point): boolean {
  const ahead = (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1]);
  return sideOf(a, corner, b) === 0 && ahead > 0;
}

/** Whether two straight pieces share a point (Cormen et al., "Introduction to Algorithms", section 33.1). */
function segmentsMeet(p: Edge, q: Edge): boolean {
  const a = Math.sign(sideOf(p.from, p.to, q.from));
  const b = Math.sign(sideOf(p.from, p.to, q.to));
  const c = Math.sign(sideOf(q.from, q.to, p.from));
  const d = Math.sign(sideOf(q.from, q.to, p.to));
  if (a * b < 0 && c * d < 0) return true;
  return (
    isOnSegment(p.from, p.to, q.from) ||
    isOnSegment(p.from, p.to, q.to) ||
    isOnSegment(q.from, q.to, p.from) ||
    isOnSegment(q.from, q.to, p.to)
  );
}

function isBetween(a: Point, b: Point, point: Point, axis: 0 | 1): boolean {
  return Math.min(a[axis], b[axis]) <= point[axis] && point[axis] <= Math.max(a[axis], b[axis]);
}
