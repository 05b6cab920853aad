import type { Faults } from './faults.ts';
import type { PixelBox, Size } from './truth.ts';

/** Annotations are rounded; less than this beyond the edge is no mistake of theirs. */
const SLACK_PX = 1;

/**
 * An annotated box, cut at the edges of its picture where their place is known; undefined for one that has no area
 * or lies outside. All but rounding is counted among the faults.
 *
 * @param place - of the box, for the faults.
 */
export function fitBox(
  box: PixelBox,
  size: Size | undefined,
  faults: Faults,
  place: string,
): PixelBox | undefined {
  const [x, y, width, height] = box;
  if (!(width > 0 && height > 0)) {
    faults.add('box-empty', place);
    return undefined;
  }
  if (size === undefined) return box;
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(size.width, x + width), Math.min(size.height, y + height)];
  if (right <= left || bottom <= top) {
    faults.add('box-gone', place);
    return undefined;
  }
  const beyond = Math.max(left - x, top - y, x + width - right, y + height - bottom);
  if (beyond > SLACK_PX) faults.add('box-outside', place);
  // As it was, to the last bit, where nothing is cut.
  return beyond > 0 ? [left, top, right - left, bottom - top] : box;
}
