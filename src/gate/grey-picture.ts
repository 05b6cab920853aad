import type { Frame } from '../core/frame.ts';

/** How a picture is cut into cells: square ones of whole pixels, row by row. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Side of a cell in pixels. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** Enough to see a person of 30 pixels in a picture of 640, few enough to cost nothing. */
const CELLS_ALONG = 160;

/** The grid of a picture of so many pixels, at most some 160 cells along; what a last cell would not fill is left out. */
export function gridOf({ width, height }: Pick<Frame, 'width' | 'height'>): Grid {
  const cell = Math.max(1, Math.round(Math.max(width, height) / CELLS_ALONG));
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.max(1, Math.floor(height / cell));
  return { width, height, cell, columns, rows };
}

/**
 * Fills `into`, `[rows, columns]`, with the grey of each cell, 0..255: the mean of four pixels' green, which carries
 * 72 % of the luma (ITU-R BT.709, section 3.2). Reads a quarter of a 640 x 360 picture's pixels and allocates nothing.
 */
export function readGrey({ data }: Pick<Frame, 'data'>, grid: Grid, into: Uint8Array): void {
  const { width, cell, columns, rows } = grid;
  const near = cell >> 2;
  const far = (3 * cell) >> 2;
  let i = 0;
  for (let row = 0; row < rows; row++) {
    let upper = ((row * cell + near) * width + near) * 3 + 1;
    let lower = ((row * cell + far) * width + near) * 3 + 1;
    const across = (far - near) * 3;
    for (let column = 0; column < columns; column++) {
      const sum =
        (data[upper] as number) +
        (data[upper + across] as number) +
        (data[lower] as number) +
        (data[lower + across] as number);
      into[i++] = (sum + 2) >> 2;
      upper += cell * 3;
      lower += cell * 3;
    }
  }
}
