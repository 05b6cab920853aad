import type { Point } from './polygon.ts';

/** `[x, y, width, height]` in 0..1 of the source picture, origin top left. */
export type Box = readonly [x: number, y: number, width: number, height: number];

export function area(box: Box): number {
  return box[2] * box[3];
}

/** Area that two boxes share; 0 when they only touch. */
export function intersection(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
}

/** Intersection over union of two boxes, in [0, 1]; 0 when they only touch. */
export function iou(a: Box, b: Box): number {
  const overlap = intersection(a, b);
  return overlap === 0 ? 0 : overlap / (area(a) + area(b) - overlap);
}

/** Where an object touches the ground: the middle of the box's lower edge, in 0..1 of the picture. */
export function bottomCentre(box: Box): Point {
  return [box[0] + box[2] / 2, Math.min(1, box[1] + box[3])];
}
