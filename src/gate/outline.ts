import type { Grid } from './grey-picture.ts';

/** Where a scene has edges: the gradient of two by two cells, `[rows, columns]`, 0 or more; its scale means nothing. */
export interface Outline {
  readonly columns: number;
  readonly rows: number;
  readonly edges: Float32Array;
}

export interface Offset {
  readonly x: number;
  readonly y: number;
  /** How alike the two outlines are there, in -1..1. */
  readonly likeness: number;
}

/** Of the picture's sides, how far a turned camera is followed. */
const REACH = 0.4;
/** Steps of the first, coarse search. */
const STRIDE = 2;

/** The outline of a grey picture; light that changes its strength changes it little. */
export function outlineOf(grey: Uint8Array, grid: Grid): Outline {
  const columns = Math.max(1, grid.columns >> 1);
  const rows = Math.max(1, grid.rows >> 1);
  const edges = new Float32Array(columns * rows);
  for (let row = 0; row + 1 < grid.rows; row++) {
    for (let column = 0; column + 1 < grid.columns; column++) {
      const i = row * grid.columns + column;
      const here = grey[i] as number;
      const across = Math.abs((grey[i + 1] as number) - here);
      const down = Math.abs((grey[i + grid.columns] as number) - here);
      const block = Math.min(rows - 1, row >> 1) * columns + Math.min(columns - 1, column >> 1);
      edges[block] = (edges[block] as number) + across + down;
    }
  }
  return { columns, rows, edges };
}

/**
 * How alike two outlines of one size are when the second is moved: zero-mean normalised cross-correlation over what
 * both show (Lewis 1995, "Fast normalized cross-correlation", equation 2); 0 where one of them has no edges.
 */
export function likenessAt(a: Outline, b: Outline, x: number, y: number): number {
  const { columns, rows } = a;
  let [n, sumA, sumB, sumAa, sumBb, sumAb] = [0, 0, 0, 0, 0, 0];
  for (let row = Math.max(0, y); row < Math.min(rows, rows + y); row++) {
    for (let column = Math.max(0, x); column < Math.min(columns, columns + x); column++) {
      const p = a.edges[row * columns + column] as number;
      const q = b.edges[(row - y) * columns + column - x] as number;
      n++;
      sumA += p;
      sumB += q;
      sumAa += p * p;
      sumBb += q * q;
      sumAb += p * q;
    }
  }
  const spread = (sumAa - (sumA * sumA) / n) * (sumBb - (sumB * sumB) / n);
  return spread > 0 ? (sumAb - (sumA * sumB) / n) / Math.sqrt(spread) : 0;
}

/** Where the second outline must be moved to be most like the first, in steps of two cells. */
export function bestOffset(a: Outline, b: Outline): Offset {
  const [reachX, reachY] = [Math.floor(a.columns * REACH), Math.floor(a.rows * REACH)];
  const coarse = bestAround(a, b, { x: 0, y: 0 }, { x: reachX, y: reachY, stride: STRIDE });
  return bestAround(a, b, coarse, { x: STRIDE - 1, y: STRIDE - 1, stride: 1 });
}

interface Search {
  readonly x: number;
  readonly y: number;
  readonly stride: number;
}

function bestAround(a: Outline, b: Outline, around: Pick<Offset, 'x' | 'y'>, search: Search): Offset {
  let best: Offset = { ...around, likeness: likenessAt(a, b, around.x, around.y) };
  for (let y = around.y - search.y; y <= around.y + search.y; y += search.stride) {
    for (let x = around.x - search.x; x <= around.x + search.x; x += search.stride) {
      const likeness = likenessAt(a, b, x, y);
      if (likeness > best.likeness) best = { x, y, likeness };
    }
  }
  return best;
}
