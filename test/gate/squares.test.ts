import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWorthCutting, type Spot, squaresFor } from '../../src/gate/squares.ts';

const PICTURE = { width: 640, height: 360 };
const OPTIONS = { inputSize: 300, maxSquares: 4 };
const spot = (x: number, y: number, width = 40, height = 80): Spot => ({ x, y, width, height });

describe('squares', () => {
  test.each([
    { name: 'none', spots: [], squares: [], holdAll: true },
    {
      name: 'one in the middle of nothing',
      spots: [spot(300, 140)],
      squares: [{ x: 170, y: 30, width: 300, height: 300 }],
      holdAll: true,
    },
    {
      name: 'one in a corner, where the square is pushed into the picture',
      spots: [spot(600, 300, 40, 60)],
      squares: [{ x: 340, y: 60, width: 300, height: 300 }],
      holdAll: true,
    },
    {
      name: 'two side by side, which one square holds',
      spots: [spot(200, 140), spot(300, 150)],
      squares: [{ x: 120, y: 35, width: 300, height: 300 }],
      holdAll: true,
    },
    {
      name: 'two far from each other',
      spots: [spot(0, 140), spot(600, 140)],
      squares: [
        { x: 0, y: 30, width: 300, height: 300 },
        { x: 340, y: 30, width: 300, height: 300 },
      ],
      holdAll: true,
    },
    {
      name: 'one that is large, which the whole picture shows',
      spots: [spot(200, 20, 120, 300)],
      squares: [],
      holdAll: false,
    },
    {
      name: 'a large one with a part of it, and a small one elsewhere',
      spots: [spot(200, 20, 120, 300), spot(230, 40, 30, 30), spot(600, 140, 20, 40)],
      squares: [{ x: 340, y: 10, width: 300, height: 300 }],
      holdAll: false,
    },
  ])('$name', ({ spots, squares, holdAll }) => {
    expect(squaresFor(spots, PICTURE, OPTIONS)).toEqual({ squares, holdAll });
  });

  test('more than there may be: the first of them are held, and the rest is known to be left', () => {
    const spots = [0, 150, 300, 450, 600].map((x) => spot(x, 10, 20, 20));
    const { squares, holdAll } = squaresFor(
      spots,
      { width: 640, height: 120 },
      { inputSize: 100, maxSquares: 3 },
    );
    expect(squares).toHaveLength(3);
    expect(squares[0]?.x).toBe(0);
    expect(holdAll).toBe(false);
  });

  const picture = fc.record({
    width: fc.integer({ min: 2, max: 640 }),
    height: fc.integer({ min: 2, max: 1_200 }),
  });
  const side = fc.double({ min: 0, max: 400, noNaN: true });
  const place = fc.double({ min: -300, max: 900, noNaN: true });
  const anySpot: fc.Arbitrary<Spot> = fc.record({ x: place, y: place, width: side, height: side });
  const options = fc.record({
    inputSize: fc.integer({ min: 1, max: 512 }),
    maxSquares: fc.integer({ min: 0, max: 6 }),
  });

  test('of whatever spots, are true squares of whole pixels in the picture, not smaller than the input if they can be', () => {
    fc.assert(
      fc.property(fc.array(anySpot, { maxLength: 12 }), picture, options, (spots, size, chosen) => {
        const { squares } = squaresFor(spots, size, chosen);
        expect(squares.length).toBeLessThanOrEqual(chosen.maxSquares);
        for (const { x, y, width, height } of squares) {
          expect([x, y, width, height].every(Number.isInteger)).toBe(true);
          expect(width).toBe(height);
          expect(width).toBeGreaterThanOrEqual(Math.min(chosen.inputSize, size.width, size.height));
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(size.width);
          expect(y + height).toBeLessThanOrEqual(size.height);
        }
      }),
    );
  });

  test('hold every spot that lies in the picture, when they say so', () => {
    const inside = fc.record({
      x: fc.integer({ min: 0, max: 600 }),
      y: fc.integer({ min: 0, max: 320 }),
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 8 }), (spots) => {
        const { squares, holdAll } = squaresFor(spots, PICTURE, OPTIONS);
        if (!holdAll) return;
        for (const { x, y, width, height } of spots) {
          const isHeld = squares.some(
            (square) =>
              square.x <= x &&
              square.y <= y &&
              square.x + square.width >= x + width &&
              square.y + square.height >= y + height,
          );
          expect(isHeld).toBe(true);
        }
      }),
    );
  });

  test('of a picture hardly larger than the input would show nothing more than it does', () => {
    expect(isWorthCutting({ width: 352, height: 288 }, 300)).toBe(false);
    expect(isWorthCutting(PICTURE, 300)).toBe(true);
  });
});
