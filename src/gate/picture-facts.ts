import type { Frame } from '../core/frame.ts';
import { type Grid, readGrey } from './grey-picture.ts';
import { type Outline, outlineOf } from './outline.ts';

/** What tells a good picture from a bad one. */
export interface PictureFacts {
  /** Mean grey, 0..255. */
  readonly brightness: number;
  /** Standard deviation of the cells' grey, 0..128. */
  readonly contrast: number;
  /** How far apart two neighbouring pixels are at the strongest edges, 0..255. */
  readonly detail: number;
  /** Whether it has colours; a camera that sees by infra-red has none. */
  readonly isColour: boolean;
  readonly outline: Outline;
}

/** Pixels across and down from one that is read to the next. */
const STEP = 3;
/** Mean difference of a pixel's colours: what compression leaves of a grey picture is less. */
const COLOUR = 1.5;

/** Of the edges, what is weaker than the strongest: noise and compression make many weak ones. */
const STRONGEST = 0.995;

/** Reads some 75,000 of a 640 x 360 picture's pixels. */
export function factsOf(picture: Pick<Frame, 'width' | 'height' | 'data'>, grid: Grid): PictureFacts {
  const grey = new Uint8Array(grid.columns * grid.rows);
  readGrey(picture, grid, grey);
  let sum = 0;
  let squares = 0;
  for (const value of grey) {
    sum += value;
    squares += value * value;
  }
  const brightness = sum / grey.length;
  const contrast = Math.sqrt(Math.max(0, squares / grey.length - brightness * brightness));
  return { brightness, contrast, ...finest(picture), outline: outlineOf(grey, grid) };
}

/**
 * Blur takes from the strongest edges first, and noise adds nothing to them; their mean, or that of the Laplacian, is
 * mostly noise by night.
 */
function finest({ data, width, height }: Pick<Frame, 'width' | 'height' | 'data'>) {
  const line = width * 3;
  const edges = new Uint32Array(256);
  let count = 0;
  let colour = 0;
  for (let y = 0; y < height - 1; y += STEP) {
    for (let x = 0; x < width - 1; x += STEP) {
      const i = y * line + x * 3 + 1;
      const green = data[i] as number;
      const across = Math.abs((data[i + 3] as number) - green);
      const down = Math.abs((data[i + line] as number) - green);
      const edge = Math.max(across, down);
      edges[edge] = (edges[edge] as number) + 1;
      colour += Math.abs((data[i - 1] as number) - green) + Math.abs((data[i + 1] as number) - green);
      count++;
    }
  }
  return { detail: percentile(edges, STRONGEST * count), isColour: colour > COLOUR * 2 * count };
}

function percentile(histogram: Uint32Array, rank: number): number {
  let below = 0;
  return histogram.findIndex((count) => {
    below += count;
    return below >= rank;
  });
}
