import type { Box } from '../core/box.ts';
import { contains, type Point, type Polygon } from '../core/polygon.ts';

/** A polygon with the box round it, since most objects are not even in that. */
export interface Area {
  readonly polygon: Polygon;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Whether an object is in an area, and what newer looks say against it. */
export interface Membership {
  readonly inside: boolean;
  /** Looks in a row that say otherwise, and when the first of them was, ms since the epoch. */
  readonly against: number;
  readonly since: number;
}

/** Width and height of an object, as the measure of how much its box trembles. */
export type Size = readonly [width: number, height: number];

/** One sighting of an object. */
export interface Look {
  /** Its bottom centre, and where that was before. */
  readonly point: Point;
  readonly before: Point;
  readonly size: Size;
  /** ms since the epoch, later than that of the look before. */
  readonly at: number;
}

export const OUTSIDE: Membership = { inside: false, against: 0, since: 0 };
const INSIDE: Membership = { inside: true, against: 0, since: 0 };
/** An object inside leaves only when it is so many of its own sizes away: boxes tremble by less. */
const MARGIN = 0.1;
/** Time from look to look at the standard rate of 5 frames/s: where looks are rarer, two of them are enough. */
const LOOK_MS = 200;
/** A box that fills the picture trembles no more than one of a third of it, and none by less than a pixel or two. */
const MOST_SIZE = 0.3;
const LEAST_SIZE = 0.02;

export function areaOf(polygon: Polygon): Area {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  return {
    polygon,
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

/** Holds no point. */
export const NOWHERE: Area = areaOf([]);

export function sizeOf(box: Box): Size {
  return [clamp(box[2]), clamp(box[3])];
}

/** Whether a point lies in an area, its border included. */
export function isIn({ polygon, left, top, right, bottom }: Area, point: Point): boolean {
  if (point[0] < left || point[0] > right || point[1] < top || point[1] > bottom) return false;
  return contains(polygon, point);
}

/**
 * One more look. It takes `inertia` looks in a row to turn, or two at least that span as much time as those would at
 * 5 frames/s; and who is inside stays so within a tenth of the object's size around the area. An object that trembles
 * on the border is therefore on one side of it.
 *
 * @returns the same object where nothing changes.
 */
export function membershipStep(
  state: Membership,
  area: Area,
  { point, size, at }: Look,
  inertia: number,
): Membership {
  const inside = isIn(area, point) || (state.inside && isNear(area, point, size));
  if (inside === state.inside) return inside ? INSIDE : OUTSIDE;
  const against = state.against + 1;
  const since = state.against === 0 ? at : state.since;
  const isLong = against >= 2 && at - since >= inertia * LOOK_MS;
  if (against >= inertia || isLong) return inside ? INSIDE : OUTSIDE;
  return { inside: state.inside, against, since };
}

function isNear({ polygon }: Area, [x, y]: Point, [width, height]: Size): boolean {
  const scaled = polygon.map(([px, py]): Point => [(px - x) / width, (py - y) / height]);
  let a = scaled.at(-1) as Point;
  for (const b of scaled) {
    if (distanceToOrigin(a, b) <= MARGIN) return true;
    a = b;
  }
  return false;
}

/** From the straight piece `a` to `b`. */
function distanceToOrigin(a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(a[0] * dx + a[1] * dy) / length));
  return Math.hypot(a[0] + share * dx, a[1] + share * dy);
}

function clamp(size: number): number {
  return Math.min(MOST_SIZE, Math.max(LEAST_SIZE, size));
}
