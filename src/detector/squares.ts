import type { Detection, Square } from '../core/detection.ts';
import { CUT } from '../core/sight.ts';
import { nms } from './nms.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @throws TypeError when `square` is not made of whole pixels, is empty or leaves the frame. */
export function checkSquare(square: Square, frame: Size): void {
  const { x, y, width, height } = square;
  const isWhole = [x, y, width, height].every(Number.isInteger);
  const isInside = x >= 0 && y >= 0 && x + width <= frame.width && y + height <= frame.height;
  if (isWhole && isInside && width >= 1 && height >= 1) return;
  throw new TypeError(
    `expected a square of whole pixels within ${frame.width} x ${frame.height}, ` +
      `got ${width} x ${height} at ${x}, ${y}`,
  );
}

/**
 * Detections of a square without those that its edge cuts, unless it is the edge of the picture: half an object is
 * often taken for another thing, and has no box that could be compared. Boxes are in 0..1 of the square.
 */
export function withoutCut(detections: readonly Detection[], square: Square, frame: Size): Detection[] {
  const { x, y, width, height } = square;
  const left = x > 0 ? CUT : Number.NEGATIVE_INFINITY;
  const top = y > 0 ? CUT : Number.NEGATIVE_INFINITY;
  const right = x + width < frame.width ? 1 - CUT : Number.POSITIVE_INFINITY;
  const bottom = y + height < frame.height ? 1 - CUT : Number.POSITIVE_INFINITY;
  return detections.filter(
    ({ box }) => box[0] >= left && box[1] >= top && box[0] + box[2] <= right && box[1] + box[3] <= bottom,
  );
}

/** Detections of a square, with boxes in 0..1 of the whole picture. */
export function toPicture(detections: readonly Detection[], square: Square, frame: Size): Detection[] {
  const scaleX = square.width / frame.width;
  const scaleY = square.height / frame.height;
  const left = square.x / frame.width;
  const top = square.y / frame.height;
  return detections.map(({ label, score, box: [x, y, width, height] }) => {
    const [fromX, sizeX] = within(left + x * scaleX, width * scaleX);
    const [fromY, sizeY] = within(top + y * scaleY, height * scaleY);
    return { label, score, box: [fromX, fromY, sizeX, sizeY] };
  });
}

/** What rounding takes beyond the picture's edge is cut off. */
function within(from: number, size: number): [from: number, size: number] {
  const start = Math.min(1, from);
  return [start, Math.min(size, 1 - start)];
}

/** One picture's detections from those of its squares, best score first: what two squares saw is one object. */
export function joinSquares(ofSquares: readonly (readonly Detection[])[], nmsIou: number): Detection[] {
  const [first = [], ...others] = ofSquares;
  // One square's detections have been through NMS when they were decoded.
  return others.length === 0 ? [...first] : nms(ofSquares.flat(), nmsIou);
}
