import type { Square } from '../core/detection.ts';
import type { Frame } from '../core/frame.ts';

/** A rectangle of a picture that is to be looked at closely, in pixels, whole or not; may leave the picture. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface SquaresOptions {
  /** Side of the model's input, in pixels: a smaller square would only be blown up. */
  readonly inputSize: number;
  /** Most squares. */
  readonly maxSquares: number;
}

export interface Squares {
  /** True squares within the picture, whole pixels, in the order of the spots that they were made for. */
  readonly squares: readonly Square[];
  /** Every spot is in one of them: nobody has to look at the whole picture. */
  readonly holdAll: boolean;
}

type Size = Pick<Frame, 'width' | 'height'>;

/** Of the model's input: what is longer is large enough in the whole picture, and a square would cut it. */
const LARGE = 0.5;
/** Of a spot's longer side, on each side of it: objects are larger than what moves of them. */
const MARGIN = 0.2;
/** One square for two spots may be so much larger than it would be for the larger one alone. */
const MOST_GROWTH = 1.2;
/** From so many times the model's input on, a square shows more than the whole picture does. */
const LEAST_GAIN = 1.25;

/** Of a spot, how much must lie in another one for it to be a part of that. */
const MOSTLY = 0.5;

/** Whether the whole picture shows a spot as large as the model needs it. */
export function isLarge({ width, height }: Spot, inputSize: number): boolean {
  return Math.max(width, height) > LARGE * inputSize;
}

/** Whether a square of this picture would show the model anything more closely than the whole picture. */
export function isWorthCutting({ width, height }: Size, inputSize: number): boolean {
  return Math.max(width, height) >= inputSize * LEAST_GAIN;
}

/**
 * Squares for spots, the most important spots first: each with a margin, not smaller than the model's input as far as
 * the picture allows, and one for several spots where it need not be much larger for that. A spot that is large
 * gets none, nor what lies on it: the whole picture shows it.
 */
export function squaresFor(spots: readonly Spot[], picture: Size, options: SquaresOptions): Squares {
  const { inputSize, maxSquares } = options;
  const most = Math.min(picture.width, picture.height);
  const sideOf = ({ width, height }: Spot): number => Math.max(inputSize, width, height);
  const large = spots.filter((spot) => isLarge(spot, inputSize)).map((spot) => withMargin(spot, picture));
  const small = spots.filter(
    (spot) => !isLarge(spot, inputSize) && !large.some((whole) => isPartOf(spot, whole)),
  );
  const groups: Spot[] = [];
  let holdAll = large.length === 0;
  for (const spot of small) {
    const wanted = withMargin(spot, picture);
    const joined = groups.findIndex((group) => {
      const side = sideOf(union(group, wanted));
      return side <= most && side <= MOST_GROWTH * Math.max(sideOf(group), sideOf(wanted));
    });
    if (joined >= 0) groups[joined] = union(groups[joined] as Spot, wanted);
    else if (groups.length < maxSquares) groups.push(wanted);
    else holdAll = false;
  }
  return {
    squares: groups.map((group) => squareAround(group, Math.min(most, sideOf(group)), picture)),
    holdAll,
  };
}

/** Whether a spot lies mostly in another one. */
export function isPartOf(spot: Spot, { x, y, width, height }: Spot): boolean {
  const across = Math.min(spot.x + spot.width, x + width) - Math.max(spot.x, x);
  const down = Math.min(spot.y + spot.height, y + height) - Math.max(spot.y, y);
  return across > 0 && down > 0 && across * down >= MOSTLY * spot.width * spot.height;
}

/** The spot with its margin, cut to the picture. */
function withMargin({ x, y, width, height }: Spot, picture: Size): Spot {
  const margin = MARGIN * Math.max(width, height);
  const left = clamp(x - margin, picture.width);
  const top = clamp(y - margin, picture.height);
  const right = clamp(x + width + margin, picture.width);
  const bottom = clamp(y + height + margin, picture.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function union(a: Spot, b: Spot): Spot {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  return { x, y, width, height };
}

function squareAround(spot: Spot, wanted: number, picture: Size): Square {
  const side = Math.ceil(wanted);
  const x = clamp(Math.round(spot.x + spot.width / 2 - side / 2), picture.width - side);
  const y = clamp(Math.round(spot.y + spot.height / 2 - side / 2), picture.height - side);
  return { x, y, width: side, height: side };
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
