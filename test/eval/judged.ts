import type { Found, Judged, PixelBox, Standing, TruthObject } from '../../src/eval/truth.ts';

/** One of several boxes of 40 x 40 pixels that do not touch. */
export function box(place: number): PixelBox {
  return [50 * place, 0, 40, 40];
}

export function object(box: PixelBox, standing: Standing = 'object', label = 'cat'): TruthObject {
  return { label, box, area: box[2] * box[3], standing };
}

export function found(box: PixelBox, score: number, label = 'cat'): Found {
  return { label, score, box };
}

/** A picture in which all cats and dogs are annotated, unless said otherwise. */
export function judged(
  objects: readonly TruthObject[],
  found: readonly Found[],
  { exhaustive = ['cat', 'dog'], ignore = [] }: { exhaustive?: string[]; ignore?: PixelBox[] } = {},
): Judged {
  const size = { width: 640, height: 480 };
  return {
    truth: { id: 1, file: 'a.jpg', size, objects, ignore, exhaustive: new Set(exhaustive) },
    found,
  };
}
