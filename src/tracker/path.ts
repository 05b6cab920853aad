import type { Point } from '../core/polygon.ts';

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

function flattestInnerPoint(path: readonly Point[]): number {
  let flattest = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < path.length - 1; i++) {
    const size = twiceTriangle(path[i - 1] as Point, path[i] as Point, path[i + 1] as Point);
    if (size >= smallest) continue;
    flattest = i;
    smallest = size;
  }
  return flattest;
}

function twiceTriangle(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
}
