import type { Point, Polygon } from '../core/polygon.ts';
import type { Schedule } from './schedule.ts';

/** What one camera's objects are held against. Names of zones and lines become topics and reasons. */
export interface RulesOptions {
  /** Only these labels become events. @default every label, from a median score of 0.4 */
  readonly labels?: Readonly<Record<string, LabelRule>> | undefined;
  readonly zones?: Readonly<Record<string, ZoneRule>> | undefined;
  readonly lines?: Readonly<Record<string, LineRule>> | undefined;
  /** What stands in one of these makes no event. @default none */
  readonly masks?: readonly Polygon[] | undefined;
  /** When there are events at all. @default always */
  readonly schedule?: Schedule | undefined;
  /** After a `new`, for so long no other of its label in the zones that it was in, or outside of all. @default 0 */
  readonly cooldownMs?: number | undefined;
}

/** What an object of a label must bring to become an event. */
export interface LabelRule {
  /** Least median score, 0..1. */
  readonly score: number;
  /** Area of the box in 0..1 of the picture. @default 0 */
  readonly minArea?: number | undefined;
  /** @default 1 */
  readonly maxArea?: number | undefined;
  /** Width of the box by its height, in pixels. @default 0 */
  readonly minAspect?: number | undefined;
  /** @default Infinity */
  readonly maxAspect?: number | undefined;
  /** Widths or heights of the picture a second, on the axis where it is faster. @default Infinity */
  readonly maxSpeed?: number | undefined;
  /** It has been in one of these, for its dwell where it has one. @default anywhere */
  readonly zones?: readonly string[] | undefined;
  /** @default the camera's */
  readonly schedule?: Schedule | undefined;
  /** @default the camera's */
  readonly cooldownMs?: number | undefined;
}

/** An area of the picture; an object is in it where it touches the ground. */
export interface ZoneRule {
  /** Simple, see `polygonFault`. */
  readonly polygon: Polygon;
  /** @default every label */
  readonly labels?: readonly string[] | undefined;
  /** Looks in a row that must agree before an object counts as inside, or as outside again. @default 3 */
  readonly inertia?: number | undefined;
  /** So long in one stay is worth a word. */
  readonly dwellMs?: number | undefined;
  /** So many objects of one label at once, for so long, are a crowd. */
  readonly crowd?: { readonly count: number; readonly forMs: number } | undefined;
}

/** A straight piece that objects cross, from their left to their right of the way `from` → `to` or back. */
export interface LineRule {
  readonly from: Point;
  /** Another point than `from`. */
  readonly to: Point;
  /** @default every label */
  readonly labels?: readonly string[] | undefined;
}
