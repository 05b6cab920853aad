import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from '../../src/tracker/assign.ts';

test.each([
  { name: 'nothing', rows: [], columns: 0, pairs: [] },
  { name: 'no column', rows: [[], []], columns: 0, pairs: [-1, -1] },
  { name: 'one pair', rows: [[0.5]], columns: 1, pairs: [0] },
  { name: 'a pair without gain', rows: [[0]], columns: 1, pairs: [-1] },
  {
    name: 'the best sum, not the best pair',
    rows: [
      [0.9, 0.8],
      [0.8, 0],
    ],
    columns: 2,
    pairs: [1, 0],
  },
  { name: 'more rows than columns', rows: [[0.2], [0.7], [0.3]], columns: 1, pairs: [-1, 0, -1] },
  {
    name: 'equal gains, in order',
    rows: [
      [1, 1],
      [1, 1],
    ],
    columns: 2,
    pairs: [0, 1],
  },
])('$name', ({ rows, columns, pairs }) => {
  expect([...assign(Float64Array.from(rows.flat()), rows.length, columns)]).toEqual(pairs);
});

/** The greatest sum by trying everything. */
function bestSum(rows: readonly (readonly number[])[], taken = new Set<number>()): number {
  const [first, ...rest] = rows;
  if (first === undefined) return 0;
  const tries = first.map((gain, column) =>
    taken.has(column) ? 0 : gain + bestSum(rest, new Set([...taken, column])),
  );
  return Math.max(bestSum(rest, taken), ...tries);
}

test('no other pairing of any small matrix has a greater sum', () => {
  const gain = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.5, 1));
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(gain, { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
  fc.assert(
    fc.property(matrix, (rows) => {
      const columns = (rows[0] ?? []).length;
      const pairs = [...assign(Float64Array.from(rows.flat()), rows.length, columns)];
      const chosen = pairs.filter((column) => column !== -1);
      expect(new Set(chosen).size).toBe(chosen.length);
      const sum = pairs.reduce((total, column, row) => total + (rows[row]?.[column] ?? 0), 0);
      expect(sum).toBeCloseTo(bestSum(rows), 9);
    }),
    { numRuns: 300 },
  );
});
