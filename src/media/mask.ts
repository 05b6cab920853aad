import sharp from 'sharp';
import type { Polygon } from '../core/polygon.ts';
import { touchedCells } from '../core/touched-cells.ts';
import type { Picture } from './image.ts';

type Size = Pick<Picture, 'width' | 'height'>;

/** Areas of a camera's picture that nobody may see. */
export interface PrivacyMask {
  /** Makes them black in the picture's own bytes. */
  paint(picture: Picture): void;
  /** A PNG of a video's size that is black there and transparent elsewhere. */
  cover(size: Size): Promise<Buffer>;
}

/** Sizes whose rows are remembered: the detect picture's and the record picture's, before and after a change. */
const SIZES = 4;

/**
 * A pixel is hidden when a polygon touches it, or one of the eight around it: scaling and the video's coarser colours
 * (4:2:0) carry a pixel's light one further.
 */
export function privacyMask(polygons: readonly Polygon[]): PrivacyMask {
  const known = new Map<string, readonly Span[]>();

  function spansOf({ width, height }: Size): readonly Span[] {
    const key = `${width} x ${height}`;
    const spans = known.get(key) ?? spansIn(hiddenPixels(polygons, { width, height }));
    if (known.size >= SIZES) known.clear();
    known.set(key, spans);
    return spans;
  }

  return {
    paint(picture) {
      for (const [from, to] of spansOf(picture)) picture.data.fill(0, from * 3, to * 3);
    },
    cover({ width, height }) {
      const pixels = new Uint8Array(width * height * 4);
      for (const [from, to] of spansOf({ width, height })) {
        for (let i = from; i < to; i++) pixels[i * 4 + 3] = 255;
      }
      return sharp(pixels, { raw: { width, height, channels: 4 } })
        .png()
        .toBuffer();
    },
  };
}

/** Pixels in a row, which may go on over the picture's right edge into its next row. */
type Span = readonly [from: number, to: number];

/** Row-major, 1 for each pixel that is hidden. */
function hiddenPixels(polygons: readonly Polygon[], { width, height }: Size): Uint8Array {
  const touched = touchedCells(polygons, { width, height });
  const hidden = new Uint8Array(touched.length);
  for (let row = 0; row < height; row++) {
    for (const [from, to] of spansIn(touched.subarray(row * width, (row + 1) * width))) {
      for (const near of [row - 1, row, row + 1].filter((y) => y >= 0 && y < height)) {
        const start = near * width;
        hidden.fill(1, start + Math.max(0, from - 1), start + Math.min(width, to + 1));
      }
    }
  }
  return hidden;
}

function spansIn(pixels: Uint8Array): Span[] {
  const spans: Span[] = [];
  for (let from = pixels.indexOf(1); from >= 0; ) {
    const end = pixels.indexOf(0, from);
    const to = end < 0 ? pixels.length : end;
    spans.push([from, to]);
    from = pixels.indexOf(1, to);
  }
  return spans;
}
