import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, type Point, type Polygon, polygonFault } from '../../src/core/polygon.ts';

/** A grid on which all products are exact, so that "on the edge" means it. */
const grid = fc.integer({ min: 0, max: 16 }).map((n) => n / 16);
const point: fc.Arbitrary<Point> = fc.tuple(grid, grid);
const simplePolygon = fc
  .array(point, { minLength: 3, maxLength: 8 })
  .filter((corners) => polygonFault(corners) === undefined);

const SQUARE: Polygon = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
];
/** An L, with a corner that points inwards. */
const CORNERED: Polygon = [
  [0, 0],
  [0.5, 0],
  [0.5, 0.5],
  [1, 0.5],
  [1, 1],
  [0, 1],
];

/** How often the polygon winds around a point, by the sum of angles; edges apart. */
function windsAround(polygon: Polygon, [x, y]: Point): boolean {
  const sum = polygon.reduce((angle, a, i) => {
    const b = polygon[(i + 1) % polygon.length] as Point;
    const [ax, ay, bx, by] = [a[0] - x, a[1] - y, b[0] - x, b[1] - y];
    return angle + Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }, 0);
  return Math.round(sum / (2 * Math.PI)) !== 0;
}

function isOnEdge(polygon: Polygon, [x, y]: Point): boolean {
  return polygon.some((a, i) => {
    const b = polygon[(i + 1) % polygon.length] as Point;
    const way = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return Math.abs(Math.hypot(x - a[0], y - a[1]) + Math.hypot(b[0] - x, b[1] - y) - way) < 1e-12;
  });
}

describe('an object in a zone', () => {
  test.each([
    { name: 'in the middle', polygon: SQUARE, at: [0.5, 0.5], inside: true },
    { name: 'beside it', polygon: SQUARE, at: [0.2, 0.5], inside: false },
    { name: 'level with its upper corners', polygon: SQUARE, at: [0.1, 0.25], inside: false },
    { name: 'level with its lower corners', polygon: SQUARE, at: [0.9, 0.75], inside: false },
    { name: 'on a corner', polygon: SQUARE, at: [0.75, 0.75], inside: true },
    { name: 'on the lower edge', polygon: SQUARE, at: [0.5, 0.75], inside: true },
    { name: 'cut off by the picture', polygon: CORNERED, at: [0.5, 1], inside: true },
    { name: 'on the corner that points inwards', polygon: CORNERED, at: [0.5, 0.5], inside: true },
    { name: 'in the bay of an L', polygon: CORNERED, at: [0.75, 0.25], inside: false },
  ] as const)('$name: $inside', ({ polygon, at, inside }) => {
    expect(contains(polygon, at)).toBe(inside);
  });

  test('is where a sum of angles says, edges and corners included, whatever the polygon', () => {
    const seen = { inside: 0, outside: 0, onEdge: 0 };
    fc.assert(
      fc.property(simplePolygon, point, (polygon, at) => {
        const onEdge = isOnEdge(polygon, at);
        const expected = onEdge || windsAround(polygon, at);
        expect(contains(polygon, at)).toBe(expected);
        seen[onEdge ? 'onEdge' : expected ? 'inside' : 'outside']++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(5); // some 30 of each are usual
  });

  test('does not depend on where the walk around starts, nor on its direction', () => {
    fc.assert(
      fc.property(simplePolygon, point, fc.nat(), (polygon, at, start) => {
        const turned = polygon.map((_, i) => polygon[(i + start) % polygon.length] as Point);
        expect(contains(turned, at)).toBe(contains(polygon, at));
        expect(contains(polygon.toReversed(), at)).toBe(contains(polygon, at));
      }),
    );
  });

  test('is in one of two zones that share an edge, wherever it stands', () => {
    fc.assert(
      fc.property(grid, grid, grid, (middle, x, y) => {
        const left: Polygon = [
          [0, 0],
          [middle, 0],
          [1 - middle, 1],
          [0, 1],
        ];
        const right: Polygon = [
          [middle, 0],
          [1, 0],
          [1, 1],
          [1 - middle, 1],
        ];
        expect(contains(left, [x, y]) || contains(right, [x, y])).toBe(true);
      }),
    );
  });
});

describe('a polygon that is none', () => {
  test.each<{ name: string; polygon: Polygon; fault: string | undefined }>([
    { name: 'no corners', polygon: [], fault: 'expected at least 3 corners, got 0' },
    { name: 'two corners', polygon: SQUARE.slice(2), fault: 'expected at least 3 corners, got 2' },
    {
      name: 'a corner named twice',
      polygon: [...SQUARE, [0.25, 0.75]],
      fault: 'corners 4 and 5 are the same',
    },
    {
      name: 'the first corner again at the end',
      polygon: [...SQUARE, [0.25, 0.25]],
      fault: 'corners 5 and 1',
    },
    {
      name: 'a bow tie',
      polygon: [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]] as Polygon,
      fault: 'the edge from corner 1 and the edge from corner 3 meet',
    },
    {
      name: 'corners on one line',
      polygon: [
        [0, 0],
        [0.5, 0.5],
        [1, 1],
      ],
      fault: 'meet',
    },
    {
      name: 'a thorn',
      polygon: [
        [0, 0],
        [1, 0],
        [0.5, 0],
        [0.5, 1],
      ],
      fault: 'meet',
    },
    {
      name: 'a corner that touches another edge',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0.5, 0],
        [0, 1],
      ],
      fault: 'the edge from corner 1 and the edge from corner 3 meet',
    },
    { name: 'an L', polygon: CORNERED, fault: undefined },
  ])('$name: $fault', ({ polygon, fault }) => {
    if (fault === undefined) expect(polygonFault(polygon)).toBeUndefined();
    else expect(polygonFault(polygon)).toContain(fault);
  });
});
