/** What one call works on; columns are as many as rows or more. */
interface Problem {
  /** Of row r and column c at r · rowStride + c · columnStride: the gain, which is what a pair costs, negative. */
  readonly gain: Float64Array;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly columns: number;
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
  /** Dual prices: cost minus both is never negative, and 0 where a pair is chosen. */
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  /** Of the search under way, per column: length of the shortest way, row it comes from, whether it is final. */
  readonly way: Float64Array;
  readonly via: Int32Array;
  readonly final: Uint8Array;
}

/**
 * The pairing of rows and columns with the greatest sum of gains, each used once at most.
 *
 * By shortest augmenting paths (Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse
 * linear assignment problems"; for rectangles as in Crouse 2016, "On implementing 2D rectangular assignment
 * algorithms", section III). O(rows² · columns) at worst; near rows · columns where most rows want different columns.
 *
 * @param gain - row-major, [rows, columns], finite, 0 or more; a pair of gain 0 is never chosen.
 * @returns per row its column, or -1.
 */
export function assign(gain: Float64Array, rows: number, columns: number): Int32Array {
  return rows > columns
    ? pairUp(gain, { rows: columns, columns: rows, rowStride: 1, columnStride: columns }).rowOf
    : pairUp(gain, { rows, columns, rowStride: columns, columnStride: 1 }).columnOf;
}

function pairUp(
  gain: Float64Array,
  shape: { readonly rows: number } & Pick<Problem, 'columns' | 'rowStride' | 'columnStride'>,
): Pick<Problem, 'columnOf' | 'rowOf'> {
  const { rows, columns, rowStride, columnStride } = shape;
  const problem: Problem = {
    ...shape,
    gain,
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
    rowPrice: new Float64Array(rows),
    columnPrice: new Float64Array(columns),
    way: new Float64Array(columns),
    via: new Int32Array(columns),
    final: new Uint8Array(columns),
  };
  const { columnOf, rowOf } = problem;
  for (let row = 0; row < rows; row++) augment(problem, row, shortestWay(problem, row));
  for (let row = 0; row < rows; row++) {
    const column = columnOf[row] as number;
    if ((gain[row * rowStride + column * columnStride] as number) > 0) continue;
    columnOf[row] = -1;
    rowOf[column] = -1;
  }
  return problem;
}

/** Finds the free column that is cheapest to reach from a free row, over chosen pairs that would change. */
function shortestWay(problem: Problem, start: number): number {
  const { rowOf, way, final } = problem;
  way.fill(Number.POSITIVE_INFINITY);
  final.fill(0);
  let row = start;
  let length = 0;
  for (;;) {
    const column = relax(problem, row, length);
    length = way[column] as number;
    final[column] = 1;
    const next = rowOf[column] as number;
    if (next === -1) {
      updatePrices(problem, start, length);
      return column;
    }
    row = next;
  }
}

/** Shortens ways that lead over `row`; returns the nearest column that is not final. */
function relax(problem: Problem, row: number, length: number): number {
  const { gain, rowStride, columnStride, columns, rowPrice, columnPrice, way, via, final } = problem;
  const offset = length - (rowPrice[row] as number);
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let column = 0; column < columns; column++) {
    if (final[column] === 1) continue;
    const pair = gain[row * rowStride + column * columnStride] as number;
    const over = offset - pair - (columnPrice[column] as number);
    if (over < (way[column] as number)) {
      way[column] = over;
      via[column] = row;
    }
    if ((way[column] as number) < least) {
      least = way[column] as number;
      nearest = column;
    }
  }
  return nearest;
}

function updatePrices(
  { columns, rowOf, rowPrice, columnPrice, way, final }: Problem,
  start: number,
  length: number,
) {
  rowPrice[start] = (rowPrice[start] as number) + length;
  for (let column = 0; column < columns; column++) {
    if (final[column] === 0) continue;
    const saved = length - (way[column] as number);
    columnPrice[column] = (columnPrice[column] as number) - saved;
    const row = rowOf[column] as number;
    if (row !== -1) rowPrice[row] = (rowPrice[row] as number) + saved;
  }
}

/** Exchanges the pairs along the way from `start` to the free column `end`. */
function augment({ columnOf, rowOf, via }: Problem, start: number, end: number): void {
  let column = end;
  for (;;) {
    const row = via[column] as number;
    const before = columnOf[row] as number;
    rowOf[column] = row;
    columnOf[row] = column;
    if (row === start) return;
    column = before;
  }
}
