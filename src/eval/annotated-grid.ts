import type { Box } from '../core/box.ts';
import type { Faults } from './faults.ts';
import type { PixelBox, Size } from './truth.ts';

/** A picture file: how large it is seen, upright, and how its EXIF orientation (1 to 8) says it is stored. */
export interface SeenPicture extends Size {
  readonly orientation: number;
}

/** The pixels that a picture's annotations count in. */
export interface AnnotatedGrid {
  readonly size: Size;
  /** As EXIF has it: how these pixels are to be turned to be upright. */
  readonly orientation: number;
}

const UPRIGHT = 1;
/** From here on, width and height change places. */
const FIRST_ON_ITS_SIDE = 5;

/**
 * Whether a picture's annotations were drawn on it as it is seen, which is the rule, or as it is stored: a tool that
 * takes no notice of EXIF gives the size away, where the picture lies on its side and is no square. What cannot be
 * told, and sizes that fit neither way, are counted among the faults.
 *
 * @param annotated - size by the annotations, if they tell.
 */
export function annotatedGrid(
  annotated: Size | undefined,
  seen: SeenPicture,
  faults: Faults,
  file: string,
): AnnotatedGrid {
  const { width, height, orientation } = seen;
  if (annotated === undefined) return { size: { width, height }, orientation: UPRIGHT };
  const isAsSeen = annotated.width === width && annotated.height === height;
  const isOnItsSide = orientation >= FIRST_ON_ITS_SIDE;
  if (isOnItsSide && !isAsSeen && annotated.width === height && annotated.height === width) {
    faults.add('picture-turned', file);
    return { size: annotated, orientation };
  }
  if (!isAsSeen) faults.add('picture-size', file);
  else if (orientation !== UPRIGHT && (!isOnItsSide || width === height)) faults.add('turn-unknown', file);
  return { size: annotated, orientation: UPRIGHT };
}

/** A box of the upright picture, in 0..1 of it, in pixels of the annotations' grid. */
export function toGrid(box: Box, { size, orientation }: AnnotatedGrid): PixelBox {
  const [x, y, width, height] = asStored(box, orientation);
  return [x * size.width, y * size.height, width * size.width, height * size.height];
}

/** Undoes what the orientation asks for (EXIF 2.32, tag 274). */
function asStored(box: Box, orientation: number): Box {
  const [x, y, width, height] = box;
  const [right, bottom] = [1 - x - width, 1 - y - height];
  switch (orientation) {
    case 5:
      return [y, x, height, width];
    case 6:
      return [y, right, height, width];
    case 7:
      return [bottom, right, height, width];
    case 8:
      return [bottom, x, height, width];
    default:
      return box;
  }
}
