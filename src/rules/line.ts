import { type Point, sideOf } from '../core/polygon.ts';
import type { Look } from './area.ts';
import type { LineRule } from './options.ts';

export type Direction = 'in' | 'out';

/** A straight piece of the picture that objects cross. */
export interface Line {
  readonly name: string;
  readonly from: Point;
  readonly to: Point;
  /** Undefined for every label. */
  readonly labels: readonly string[] | undefined;
}

/** Where one object stands to one line. */
export interface LineState {
  /** The side that it was clearly on last: -1 left, 1 right of the way `from` → `to`, 0 not yet on any. */
  readonly settled: -1 | 0 | 1;
  /** Its last change of sides went through the line, not past an end of it. */
  readonly through: boolean;
  /** Directions that it has been counted in. */
  readonly counted: readonly Direction[];
}

export const UNSETTLED: LineState = { settled: 0, through: false, counted: [] };

/** An object is clearly on one side when it is so many of its own sizes away from the straight line. */
const BAND = 0.1;

/** @throws RangeError when the ends are one point. */
export function lineOf(name: string, { from, to, labels }: LineRule): Line {
  if (from[0] === to[0] && from[1] === to[1])
    throw new RangeError(`line ${name}: expected two ends, got one point`);
  return { name, from, to, labels };
}

/**
 * One more sighting of an object.
 *
 * Stand at `from` and look to `to`: who goes from your left to your right comes `in`, who goes back goes `out`. In a
 * picture whose line runs from its left edge to its right one, `in` is down the picture, towards the camera.
 *
 * It has crossed when it was clearly on one side, is clearly on the other now, and went between the ends of the line,
 * those included. So it must travel twice the band, a fifth of its size: one that trembles on the line does not cross
 * it, nor does one that first appears beside it. Each direction counts once.
 *
 * @returns the same state where nothing changes; one more direction in `counted` when it has just crossed.
 */
export function lineStep(state: LineState, line: Line, look: Look, label: string): LineState {
  const { from, to, labels } = line;
  const { before, point } = look;
  const side = sideOf(from, to, point);
  const isRight = side >= 0;
  const settled = isClear(side, line, look) ? (isRight ? 1 : -1) : 0;
  if (settled !== 0 && settled === state.settled) return state; // as nearly always
  const isChange = sideOf(from, to, before) >= 0 !== isRight;
  const through = isChange ? sideOf(before, point, from) * sideOf(before, point, to) <= 0 : state.through;
  if (settled === 0) return through === state.through ? state : { ...state, through };

  const hasCrossed = through && state.settled !== 0;
  const direction = settled === 1 ? 'in' : 'out';
  const isNews = hasCrossed && !state.counted.includes(direction) && (labels?.includes(label) ?? true);
  return { settled, through, counted: isNews ? [...state.counted, direction] : state.counted };
}

/**
 * Whether a point is a band away from the straight line, in sizes of the object: the distance of a point to a line
 * (`side` by the length of `from` → `to`) where both axes are measured in sizes.
 */
function isClear(side: number, { from, to }: Line, { size: [width, height] }: Look): boolean {
  const dx = (to[0] - from[0]) * height;
  const dy = (to[1] - from[1]) * width;
  return side * side >= BAND * BAND * (dx * dx + dy * dy);
}
