import type { Grid } from './grey-picture.ts';

/** Where something moves, in whole pixels of the picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Cells that changed in it, each with its neighbour. */
  readonly cells: number;
}

/** Changed cells by blocks of 4 x 4: what lies in touching blocks is one thing, though its parts do not touch. */
export interface Blocks {
  readonly columns: number;
  readonly rows: number;
  /** Changed cells of each block, `[rows, columns]`. */
  readonly counts: Uint8Array;
  /** Those of them that changed just now. */
  readonly live: Uint8Array;
  /** Room for the blocks of one region that are still to be visited. */
  readonly stack: Int32Array;
}

/** log2 of a block's side in cells. */
export const BLOCK_SHIFT = 2;
/** Of a block's 16 cells: fewer are noise or a drop of rain. */
const LEAST_CHANGED = 3;
/**
 * Of a region's cells: what came and stands still differs from the place as it was, and from nothing else. So many are
 * enough of a lorry, of whose side little changes though it moves.
 */
const LIVE_SHARE = 0.2;
const LEAST_LIVE = 3;
const MOST_LIVE = 40;

export function blocksOf({ columns, rows }: Grid): Blocks {
  const across = ((columns - 1) >> BLOCK_SHIFT) + 1;
  const down = ((rows - 1) >> BLOCK_SHIFT) + 1;
  const size = across * down;
  return {
    columns: across,
    rows: down,
    counts: new Uint8Array(size),
    live: new Uint8Array(size),
    stack: new Int32Array(size),
  };
}

/** Forgets what was counted. */
export function clearBlocks({ counts, live }: Blocks): void {
  counts.fill(0);
  live.fill(0);
}

/**
 * Connected blocks (8 neighbours) in which at least 3 cells changed, if any of it changes just now; largest first,
 * equal ones in the order of rows. Empties the counts.
 *
 * @param leastCells - changed cells that a region must have.
 */
export function takeRegions(blocks: Blocks, grid: Grid, leastCells: number): Region[] {
  const { counts } = blocks;
  const regions: Region[] = [];
  for (let first = 0; first < counts.length; first++) {
    if ((counts[first] as number) < LEAST_CHANGED) continue;
    const { live, ...region } = takeRegion(blocks, grid, first);
    const isLive = live >= Math.min(MOST_LIVE, Math.max(LEAST_LIVE, LIVE_SHARE * region.cells));
    if (isLive && region.cells >= leastCells) regions.push(region);
  }
  clearBlocks(blocks);
  return regions.sort((a, b) => b.cells - a.cells);
}

function takeRegion(blocks: Blocks, grid: Grid, first: number): Region & { live: number } {
  const { columns, counts, stack } = blocks;
  let [left, right, top, bottom] = [columns, 0, blocks.rows, 0];
  let cells = 0;
  let live = 0;
  let depth = 0;
  const visit = (index: number): void => {
    stack[depth++] = index;
    cells += counts[index] as number;
    live += blocks.live[index] as number;
    counts[index] = 0;
  };
  visit(first);
  while (depth > 0) {
    const index = stack[--depth] as number;
    const column = index % columns;
    const row = (index - column) / columns;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    forNeighbours(blocks, column, row, visit);
  }
  const side = grid.cell << BLOCK_SHIFT;
  const [x, y] = [left * side, top * side];
  return {
    x,
    y,
    width: Math.min(grid.width, (right + 1) * side) - x,
    height: Math.min(grid.height, (bottom + 1) * side) - y,
    cells,
    live,
  };
}

function forNeighbours(
  { columns, rows, counts }: Blocks,
  column: number,
  row: number,
  visit: (index: number) => void,
): void {
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const index = y * columns + x;
      if ((counts[index] as number) >= LEAST_CHANGED) visit(index);
    }
  }
}
