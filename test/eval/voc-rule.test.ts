import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PixelBox } from '../../src/eval/truth.ts';
import { vocFigures } from '../../src/eval/voc-rule.ts';
import { box, found, judged, object } from './judged.ts';

describe('average precision', () => {
  test.each([
    { name: 'of no objects is unknown', objects: [], seen: [found(box(0), 0.9)], area: undefined },
    { name: 'of an object that nobody saw is 0', objects: [object(box(0))], seen: [], area: 0 },
    { name: 'of all found is 1', objects: [object(box(0))], seen: [found(box(0), 0.2)], area: 1 },
    {
      name: 'is halved where a mistake is surer than the find',
      objects: [object(box(0))],
      seen: [found(box(1), 0.9), found(box(0), 0.5)],
      area: 0.5,
    },
    {
      name: 'is not harmed by a mistake that is less sure',
      objects: [object(box(0))],
      seen: [found(box(1), 0.1), found(box(0), 0.5)],
      area: 1,
    },
    {
      name: 'counts the second box on one object as a mistake',
      objects: [object(box(0)), object(box(1))],
      seen: [found(box(0), 0.9), found(box(0), 0.8), found(box(1), 0.7)],
      area: 0.5 + 0.5 * (2 / 3),
    },
    {
      name: 'leaves difficult objects out, seen or not, and however often',
      objects: [object(box(0)), object(box(1), 'difficult'), object(box(2), 'difficult')],
      seen: [found(box(1), 0.9), found(box(1), 0.85), found(box(0), 0.8)],
      area: 1,
    },
    {
      name: 'leaves out what is found within a crowd, which holds many',
      objects: [object(box(5)), object([0, 0, 200, 200], 'crowd')],
      seen: [found([10, 10, 20, 20], 0.9), found([80, 80, 20, 20], 0.8), found(box(5), 0.7)],
      area: 1,
    },
    {
      name: 'counts an object that stands in a crowd',
      objects: [object(box(0)), object([0, 0, 200, 200], 'crowd')],
      seen: [found(box(0), 0.9)],
      area: 1,
    },
    {
      name: 'takes a box with an IoU below a half for a mistake',
      objects: [object(box(0))],
      seen: [found([20, 0, 40, 40], 0.9)],
      area: 0,
    },
    {
      name: 'takes a box with an IoU of a half for a find',
      objects: [object(box(0))],
      seen: [found([0, 0, 40, 20], 0.9)],
      area: 1,
    },
    {
      name: 'takes another label for no find',
      objects: [object(box(0))],
      seen: [found(box(0), 0.9, 'dog')],
      area: 0,
    },
  ])('$name', ({ objects, seen, area }) => {
    const figures = vocFigures([judged(objects, seen)], 'cat');
    if (area === undefined) expect(figures.area).toBeUndefined();
    else expect(figures.area).toBeCloseTo(area, 10);
  });

  test('leaves out pictures in which not every object has its box', () => {
    const unsure = judged([], [found(box(0), 0.99)], { exhaustive: [] });
    expect(vocFigures([judged([object(box(0))], [found(box(0), 0.5)]), unsure], 'cat').area).toBe(1);
  });

  test('takes what lies in a region to ignore for neither find nor mistake, whatever its label', () => {
    const truck = judged([], [found([10, 10, 20, 20], 0.99)], { ignore: [[0, 0, 100, 100]] });
    expect(vocFigures([judged([object(box(0))], [found(box(0), 0.5)]), truck], 'cat').area).toBe(1);
  });
});

test('the eleven points of VOC 2007 are the best precisions from each tenth of recall on', () => {
  // Of two objects one is found, at precision 1: six tenths, 0 to 0.5, of eleven.
  const half = judged([object(box(0)), object(box(1))], [found(box(0), 0.9)]);
  expect(vocFigures([half], 'cat')).toMatchObject({ area: 0.5, elevenPoint: 6 / 11 });
  // Recall reaches exactly 0.3 of ten objects, which no rounding may take away.
  const ten = Array.from({ length: 10 }, (_, place) => object(box(place)));
  const three = judged(
    ten,
    [0, 1, 2].map((place) => found(box(place), 0.9 - place / 10)),
  );
  expect(vocFigures([three], 'cat').elevenPoint).toBeCloseTo(4 / 11, 10);
});

test('both rules stay in 0..1, and a find more never lowers them', () => {
  const places = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 });
  const seen = fc.array(
    fc.record({
      place: fc.integer({ min: 0, max: 11 }),
      score: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    }),
    {
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(places, seen, (objects, detections) => {
      const truth = [...new Set([...objects, 0])].map((place) => object(box(place)));
      const boxes = detections.map(({ place, score }) => found(box(place), score));
      const before = vocFigures([judged(truth, boxes)], 'cat');
      const missed: PixelBox = [0, 200, 40, 40];
      const after = vocFigures([judged([...truth, object(missed)], [...boxes, found(missed, 0.95)])], 'cat');
      for (const value of [before.area, before.elevenPoint, after.area, after.elevenPoint]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(after.area).toBeGreaterThanOrEqual((before.area ?? 0) - 1e-9);
    }),
  );
});
