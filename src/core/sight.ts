import type { Box } from './box.ts';

/** Share of a square's side: a box that comes so near to its edge is taken to go on beyond it. */
export const CUT = 0.02;
/** Sides that differ from the picture's by less are the picture's. */
const ROUNDING = 1e-9;

/**
 * Whether a look at a square would show what is in a box, both in 0..1 of the picture: a detection that the square's
 * edge cuts is left out, unless that is the edge of the picture.
 *
 * @param box - a part of which is in the picture.
 */
export function isShown(box: Box, square: Box): boolean {
  const [x, y, width, height] = box;
  const [left, top, across, down] = square;
  return isWithin(x, x + width, left, across) && isWithin(y, y + height, top, down);
}

function isWithin(from: number, to: number, start: number, side: number): boolean {
  const end = start + side;
  const isAfter = start < ROUNDING || from >= start + CUT * side;
  const isBefore = end > 1 - ROUNDING || to <= end - CUT * side;
  return isAfter && isBefore;
}
