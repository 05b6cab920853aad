import { describe, expect, test } from 'vitest';
import { readResults, toResults } from '../../src/eval/coco-results.ts';
import { Faults } from '../../src/eval/faults.ts';
import { box, found, judged } from './judged.ts';

const categories = [{ id: 8, label: 'cat' }];
const one = judged([], [found(box(0), 0.123456789), found(box(1), 0.5, 'dog')]);
const truth = { categories, truths: [one.truth] };

test('results come back to the last bit, those of unknown categories left out', () => {
  const results = toResults([one], truth);
  expect(results).toEqual([{ image_id: 1, category_id: 8, bbox: box(0), score: 0.123456789 }]);
  const again = readResults(JSON.parse(JSON.stringify(results)), 'd.json', truth, new Faults());
  expect(again.get(1)).toEqual([found(box(0), 0.123456789)]);
});

test('results of unknown pictures and categories are counted', () => {
  const faults = new Faults();
  const [result] = toResults([one], truth);
  const results = [
    { ...result, image_id: 7 },
    { ...result, category_id: 9 },
  ];
  expect(readResults(results, 'd.json', truth, faults).get(1)).toEqual([]);
  expect(faults.list()).toMatchObject([
    { kind: 'result-no-picture', count: 1, examples: ['7'] },
    { kind: 'result-no-category', count: 1, examples: ['9'] },
  ]);
});

describe('results in another form are refused with the place', () => {
  test.each([
    { name: 'an object', json: {}, says: 'd.json: expected a list' },
    {
      name: 'no score',
      json: [{ image_id: 1, category_id: 8, bbox: box(0) }],
      says: 'd.json: [0].score: expected a number',
    },
    {
      name: 'no box',
      json: [{ image_id: 1, category_id: 8, score: 1 }],
      says: 'd.json: [0].bbox: expected a list',
    },
  ])('$name', ({ json, says }) => {
    expect(() => readResults(json, 'd.json', truth, new Faults())).toThrow(says);
  });
});
