import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../src/core/polygon.ts';
import { type Line, lineOf, lineStep, UNSETTLED } from '../../src/rules/line.ts';

/** Across the picture from left to right: in is down. */
const KERB = lineOf('kerb', { from: [0.25, 0.5], to: [0.75, 0.5] });
const SIZE = [0.125, 0.25] as const;

/** Directions that are counted on a way, each with the number of its point. */
function crossings(way: readonly Point[], line: Line = KERB, label = 'person'): string[] {
  let state = UNSETTLED;
  let before = way[0] as Point;
  return way.flatMap((point, i) => {
    const known = state.counted.length;
    state = lineStep(state, line, { point, before, size: SIZE, at: i }, label);
    before = point;
    return state.counted.slice(known).map((direction) => `${i} ${direction}`);
  });
}

const down = (...ys: number[]): Point[] => ys.map((y) => [0.5, y]);

describe('a line', () => {
  test.each<{ name: string; way: Point[]; counted: string[] }>([
    { name: 'down over it', way: down(0.25, 0.5, 0.75), counted: ['2 in'] },
    { name: 'up over it', way: down(0.75, 0.25), counted: ['1 out'] },
    { name: 'there and back', way: down(0.25, 0.75, 0.25), counted: ['1 in', '2 out'] },
    {
      name: 'there and back, again and again',
      way: down(0.25, 0.75, 0.25, 0.75, 0.25),
      counted: ['1 in', '2 out'],
    },
    { name: 'to it and no further', way: down(0.25, 0.5, 0.51), counted: [] },
    { name: 'trembling on it', way: down(0.25, 0.49, 0.51, 0.495, 0.515, 0.49, 0.51), counted: [] },
    { name: 'trembling on it, then over', way: down(0.25, 0.49, 0.51, 0.49, 0.51, 0.75), counted: ['5 in'] },
    { name: 'trembling on it, then back', way: down(0.25, 0.49, 0.51, 0.49, 0.25), counted: [] },
    { name: 'first seen on it', way: down(0.5, 0.75), counted: [] },
    {
      name: 'past its end',
      way: [
        [0.125, 0.25],
        [0.125, 0.75],
      ],
      counted: [],
    },
    {
      name: 'past its end and back over it',
      way: [
        [0.125, 0.25],
        [0.125, 0.75],
        [0.5, 0.75],
        [0.5, 0.25],
      ],
      counted: ['3 out'],
    },
    {
      name: 'over its very end',
      way: [
        [0.25, 0.25],
        [0.25, 0.75],
      ],
      counted: ['1 in'],
    },
    { name: 'nothing', way: down(0.25), counted: [] },
  ])('$name: $counted', ({ way, counted }) => {
    expect(crossings(way)).toEqual(counted);
  });

  test('counts a large object near the edge of the picture, whose way beyond the line is short', () => {
    const low = lineOf('low', { from: [0, 0.95], to: [1, 0.95] });
    const look = (before: Point, point: Point) => ({ before, point, size: [0.3, 0.3] as const, at: 0 });
    const above = lineStep(UNSETTLED, low, look([0.5, 0.8], [0.5, 0.8]), 'car');
    expect(lineStep(above, low, look([0.5, 0.8], [0.5, 1]), 'car').counted).toEqual(['in']);
  });

  test('does not count a label that it does not have', () => {
    const forCars = lineOf('kerb', { ...KERB, labels: ['car'] });
    expect(crossings(down(0.25, 0.75), forCars)).toEqual([]);
    expect(crossings(down(0.25, 0.75), forCars, 'car')).toEqual(['1 in']);
  });

  test('of no length is refused', () => {
    expect(() => lineOf('kerb', { from: [0.5, 0.5], to: [0.5, 0.5] })).toThrow(RangeError);
  });
});

describe('whatever the way', () => {
  // On this grid all products are exact.
  const grid = fc.integer({ min: 0, max: 16 }).map((n) => n / 16);
  const point = fc.tuple(grid, grid);
  const line = fc.tuple(point, point).filter(([a, b]) => a[0] !== b[0] || a[1] !== b[1]);
  const way = fc.array(point, { minLength: 1, maxLength: 12, size: 'max' });
  const strip = (counted: readonly string[]): string[] => counted.map((one) => one.replace(/^\d+ /, ''));
  const turned = (counted: readonly string[]): string[] =>
    counted.map((one) => (one.endsWith('in') ? one.replace('in', 'out') : one.replace('out', 'in')));

  test('a line drawn from its other end exchanges in and out, and nothing else', () => {
    let seen = 0;
    fc.assert(
      fc.property(line, way, ([from, to], points) => {
        // A point on the line is on its right, from either end: only ways that keep off it are alike.
        const isOff = ([x, y]: Point) =>
          (to[0] - from[0]) * (y - from[1]) !== (to[1] - from[1]) * (x - from[0]);
        fc.pre(points.every(isOff));
        const counted = crossings(points, lineOf('l', { from, to }));
        seen += counted.length;
        expect(crossings(points, lineOf('l', { from: to, to: from }))).toEqual(turned(counted));
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(50);
  });

  test('a mirrored picture with its line drawn from the other end counts the same', () => {
    fc.assert(
      fc.property(line, way, ([from, to], points) => {
        const mirror = ([x, y]: Point): Point => [1 - x, y];
        const mirrored = lineOf('l', { from: mirror(to), to: mirror(from) });
        const isSame = crossings(points.map(mirror), mirrored);
        expect(isSame).toEqual(crossings(points, lineOf('l', { from, to })));
      }),
      { numRuns: 300 },
    );
  });

  test('a straight way back crosses where the way there did, the other way round', () => {
    fc.assert(
      fc.property(line, point, point, ([from, to], a, b) => {
        const one = lineOf('l', { from, to });
        expect(strip(crossings([b, a], one))).toEqual(turned(strip(crossings([a, b], one))));
      }),
      { numRuns: 500 },
    );
  });

  test('one track counts at most once in each direction', () => {
    fc.assert(
      fc.property(line, way, ([from, to], points) => {
        const counted = strip(crossings(points, lineOf('l', { from, to })));
        expect(new Set(counted).size).toBe(counted.length);
      }),
    );
  });
});
