import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bottomCentre } from '../../src/core/box.ts';
import { checkSquare, joinSquares, toPicture, withoutCut } from '../../src/detector/squares.ts';
import { detections } from './arbitraries.ts';

const frame = { width: 640, height: 360 };
const square = fc.tuple(fc.nat(frame.width - 1), fc.nat(frame.height - 1)).chain(([x, y]) =>
  fc.record({
    x: fc.constant(x),
    y: fc.constant(y),
    width: fc.integer({ min: 1, max: frame.width - x }),
    height: fc.integer({ min: 1, max: frame.height - y }),
  }),
);

describe('squares', () => {
  test.each([
    { name: 'empty', wrong: { x: 0, y: 0, width: 0, height: 10 } },
    { name: 'left of the frame', wrong: { x: -1, y: 0, width: 10, height: 10 } },
    { name: 'over the right edge', wrong: { x: 631, y: 0, width: 10, height: 10 } },
    { name: 'over the lower edge', wrong: { x: 0, y: 351, width: 10, height: 10 } },
    { name: 'between pixels', wrong: { x: 0.5, y: 0, width: 10, height: 10 } },
    { name: 'not a number', wrong: { x: 0, y: 0, width: NaN, height: 10 } },
  ])('$name: refused, before native code reads beyond the picture', ({ wrong }) => {
    expect(() => checkSquare(wrong, frame)).toThrow(
      /expected a square of whole pixels within 640 x 360, got/,
    );
  });

  test('within the frame are taken, its whole included', () => {
    fc.assert(fc.property(square, (one) => checkSquare(one, frame)));
    checkSquare({ x: 0, y: 0, ...frame }, frame);
  });

  test('give boxes that lie where the square lies in the picture', () => {
    fc.assert(
      fc.property(square, detections, (one, found) => {
        const mapped = toPicture(found, one, frame);
        for (const [index, { box, label, score }] of mapped.entries()) {
          const original = found[index];
          expect([label, score]).toEqual([original?.label, original?.score]);
          const [x, y, width, height] = original?.box ?? [0, 0, 0, 0];
          expect(box[0] * frame.width).toBeCloseTo(one.x + x * one.width, 6);
          expect(box[1] * frame.height).toBeCloseTo(one.y + y * one.height, 6);
          expect(box[2] * frame.width).toBeCloseTo(width * one.width, 6);
          expect(box[3] * frame.height).toBeCloseTo(height * one.height, 6);
        }
      }),
    );
  });

  test('give boxes that end with the picture, so that a zone that reaches down to its edge holds them', () => {
    const side = fc.nat(1000).map((thousandths) => thousandths / 1000);
    fc.assert(
      fc.property(square, side, side, (one, left, top) => {
        const corner = { ...one, width: frame.width - one.x, height: frame.height - one.y };
        const cut = { label: 'person', score: 1, box: [left, top, 1 - left, 1 - top] } as const;
        for (const { box } of toPicture([cut], corner, frame)) {
          expect(box[0] + box[2]).toBeLessThanOrEqual(1);
          expect(box[1] + box[3]).toBeLessThanOrEqual(1);
          expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
          expect(bottomCentre(box)[1]).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  test.each([
    { name: 'in the middle', square: { x: 100, y: 30 }, box: [0.2, 0.2, 0.5, 0.5], isKept: true },
    { name: 'cut on the left', square: { x: 100, y: 30 }, box: [0.01, 0.2, 0.5, 0.5], isKept: false },
    { name: 'cut at the top', square: { x: 100, y: 30 }, box: [0.2, 0, 0.5, 0.5], isKept: false },
    { name: 'cut on the right', square: { x: 100, y: 30 }, box: [0.5, 0.2, 0.5, 0.5], isKept: false },
    { name: 'cut at the bottom', square: { x: 100, y: 30 }, box: [0.2, 0.5, 0.5, 0.49], isKept: false },
    { name: 'cut by the picture itself', square: { x: 0, y: 60 }, box: [0, 0.5, 0.5, 0.5], isKept: true },
  ] as const)('an object $name: half of one is no detection of a square', ({ square, box, isKept }) => {
    const found = [{ label: 'person', score: 0.9, box }];
    const kept = withoutCut(found, { ...square, width: 300, height: 300 }, frame);
    expect(kept).toEqual(isKept ? found : []);
  });

  test('that see one object between them report it once, with the better score', () => {
    const whole = { x: 0, y: 0, ...frame };
    const right = { x: 320, y: 0, width: 320, height: 360 };
    const ofWhole = toPicture([{ label: 'person', score: 0.6, box: [0.75, 0.25, 0.1, 0.5] }], whole, frame);
    const ofRight = toPicture([{ label: 'person', score: 0.9, box: [0.5, 0.25, 0.2, 0.5] }], right, frame);
    expect(joinSquares([ofWhole, ofRight], 0.45)).toEqual(ofRight);
  });

  test('of which there is none or one lose nothing', () => {
    expect(joinSquares([], 0.45)).toEqual([]);
    fc.assert(
      fc.property(detections, (found) => {
        expect(joinSquares([found], 0.45)).toEqual(found);
      }),
    );
  });
});
