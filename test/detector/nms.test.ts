import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iou } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { nms } from '../../src/detector/nms.ts';
import { detections } from './arbitraries.ts';

const threshold = fc.double({ min: 0, max: 1, noNaN: true });
const cat = (score: number, x: number): Detection => ({ label: 'cat', score, box: [x, 0, 0.5, 0.5] });

describe('non-maximum suppression', () => {
  test.each([
    { name: 'nothing stays nothing', input: [], kept: [] },
    { name: 'one box stays', input: [cat(0.9, 0)], kept: [0.9] },
    { name: 'of two on one object the better stays', input: [cat(0.6, 0.01), cat(0.9, 0)], kept: [0.9] },
    { name: 'two apart both stay, the better first', input: [cat(0.6, 0.5), cat(0.9, 0)], kept: [0.9, 0.6] },
    {
      name: 'a dog in the place of a cat stays',
      input: [cat(0.9, 0), { ...cat(0.8, 0), label: 'dog' }],
      kept: [0.9, 0.8],
    },
    {
      name: 'a box that only a dropped box overlaps stays',
      input: [cat(0.9, 0), cat(0.8, 0.15), cat(0.7, 0.3)],
      kept: [0.9, 0.7],
    },
  ])('$name', ({ input, kept }) => {
    expect(nms(input, 0.45).map(({ score }) => score)).toEqual(kept);
  });

  test('ends at the limit, with the best', () => {
    expect(nms([cat(0.1, 0), cat(0.3, 0.5), cat(0.2, 1)], 0.45, 2).map(({ score }) => score)).toEqual([
      0.3, 0.2,
    ]);
  });

  test('gives what a plain reading of the definition gives, and leaves its input alone', () => {
    fc.assert(
      fc.property(detections, threshold, (input, limit) => {
        const before = structuredClone(input);
        expect(nms(input, limit)).toEqual(byDefinition(input, limit));
        expect(input).toEqual(before);
      }),
    );
  });

  test('leaves no duplicates, and a good reason for each box that went', () => {
    fc.assert(
      fc.property(detections, threshold, (input, limit) => {
        const kept = nms(input, limit);
        const overlaps = (a: Detection, b: Detection) => a.label === b.label && iou(a.box, b.box) > limit;
        for (const [index, one] of kept.entries()) {
          expect(kept.slice(index + 1).some((other) => overlaps(one, other))).toBe(false);
        }
        for (const gone of input.filter((one) => !kept.includes(one))) {
          expect(kept.some((better) => better.score >= gone.score && overlaps(better, gone))).toBe(true);
        }
      }),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(detections, threshold, (input, limit) => {
        const once = nms(input, limit);
        expect(nms(once, limit)).toEqual(once);
      }),
    );
  });
});

/** Takes the best of what is left, strikes its duplicates out, and starts again. */
function byDefinition(input: readonly Detection[], limit: number): Detection[] {
  const kept: Detection[] = [];
  let left = [...input];
  while (left.length > 0) {
    const best = left.reduce((a, b) => (b.score > a.score ? b : a));
    kept.push(best);
    left = left.filter(
      (one) => one !== best && !(one.label === best.label && iou(one.box, best.box) > limit),
    );
  }
  return kept;
}
