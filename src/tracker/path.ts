import type { Point } from '../core/polygon.ts';

/** A place and when it was taken, ms since the epoch. */
export interface Sighting {
  readonly at: number;
  readonly point: Point;
}

/**
 * The path with one more point, at most `limit` long; first and newest always stay.
 *
 * What goes is the inner point that spans the smallest triangle with its neighbours (Visvalingam and Whyatt
 * 1993, "Line generalisation by repeated elimination of points"), so corners outlive straight stretches.
 */
export function extendPath(path: readonly Point[], point: Point, limit: number): readonly Point[] {
  const longer = [...path, point];
  if (longer.length > limit) longer.splice(flattestInnerPoint(longer), 1);
  return longer;
}

/**
 * Least-squares slope of places over time, in widths and heights of the picture per second; `[0, 0]` where
 * fewer than two times are known. A fit over all sightings trembles less than a difference of two boxes.
 */
export function velocityOf(sightings: readonly Sighting[]): Point {
  const n = sightings.length;
  const mean = (pick: (sighting: Sighting) => number) => sightings.reduce((sum, s) => sum + pick(s), 0) / n;
  const meanAt = mean((s) => s.at);
  const spread = mean((s) => (s.at - meanAt) ** 2);
  if (n < 2 || spread === 0) return [0, 0];
  const slope = (axis: 0 | 1) => (1000 * mean((s) => (s.at - meanAt) * s.point[axis])) / spread;
  return [slope(0), slope(1)];
}

function flattestInnerPoint(path: readonly Point[]): number {
  let flattest = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < path.length - 1; i++) {
    const size = twiceTriangle(path[i - 1] as Point, path[i] as Point, path[i + 1] as Point);
    if (size < smallest) [flattest, smallest] = [i, size];
  }
  return flattest;
}

function twiceTriangle(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
}
