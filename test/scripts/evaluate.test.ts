import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnnotations } from '../../scripts/evaluate/annotations.ts';
import {
  averagePrecision,
  type Judged,
  meanAveragePrecision,
} from '../../scripts/evaluate/average-precision.ts';
import type { Box } from '../../src/core/box.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const left: Box = [0, 0, 0.4, 0.4];
const right: Box = [0.5, 0.5, 0.4, 0.4];
const cat = (box: Box, ignored = false) => ({ label: 'cat', box, ignored });
const seen = (box: Box, score: number) => ({ label: 'cat', box, score });

describe('average precision', () => {
  test.each([
    { name: 'of no objects is unknown', objects: [], detections: [seen(left, 0.9)], expected: undefined },
    { name: 'of an object that nobody saw is 0', objects: [cat(left)], detections: [], expected: 0 },
    { name: 'of all found is 1', objects: [cat(left)], detections: [seen(left, 0.2)], expected: 1 },
    {
      name: 'is halved where a mistake is surer than the find',
      objects: [cat(left)],
      detections: [seen(right, 0.9), seen(left, 0.5)],
      expected: 0.5,
    },
    {
      name: 'is not harmed by a mistake that is less sure',
      objects: [cat(left)],
      detections: [seen(right, 0.1), seen(left, 0.5)],
      expected: 1,
    },
    {
      name: 'counts the second box on one object as a mistake',
      objects: [cat(left), cat(right)],
      detections: [seen(left, 0.9), seen(left, 0.8), seen(right, 0.7)],
      expected: 0.5 + 0.5 * (2 / 3),
    },
    {
      name: 'leaves ignored objects out, seen or not',
      objects: [cat(left), cat(right, true)],
      detections: [seen(right, 0.9), seen(left, 0.8)],
      expected: 1,
    },
    {
      name: 'takes a box with an IoU below a half for a mistake',
      objects: [cat(left)],
      detections: [seen([0.2, 0, 0.4, 0.4], 0.9)],
      expected: 0,
    },
  ])('$name', ({ objects, detections, expected }) => {
    const value = averagePrecision([judged(objects, detections)], 'cat');
    if (expected === undefined) expect(value).toBeUndefined();
    else expect(value).toBeCloseTo(expected, 10);
  });

  test('leaves out photographs in which not every object has its box', () => {
    const unsure = judged([], [seen(left, 0.99)], []);
    expect(averagePrecision([judged([cat(left)], [seen(left, 0.5)]), unsure], 'cat')).toBe(1);
  });

  test('has a mean over the labels that occur', () => {
    const { mean, ofLabel } = meanAveragePrecision([judged([cat(left)], [seen(left, 0.5)])], ['cat', 'dog']);
    expect(mean).toBe(1);
    expect([...ofLabel]).toEqual([['cat', 1]]);
  });
});

test('annotations keep crowds, difficult ones and trucks from counting, and cut boxes at the edge', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'images'));
  const image = {
    id: 1,
    file_name: 'a.jpg',
    width: 100,
    height: 50,
    exhaustive: [8],
    ignore: [[0, 0, 50, 50]],
  };
  const one = { image_id: 1, category_id: 8, bbox: [50, 25, 60, 25] };
  const annotations = [
    one,
    { ...one, iscrowd: 1 },
    { ...one, difficult: 1 },
    { ...one, bbox: [0, 0, 0.1, 9] },
  ];
  writeFileSync(
    join(folder, 'annotations.json'),
    JSON.stringify({ categories: [{ id: 8, name: 'cat' }], images: [image], annotations }),
  );
  const [truth] = readAnnotations(folder);
  expect(truth?.exhaustive).toEqual(new Set(['cat']));
  expect(truth?.objects).toEqual([
    { label: 'cat', box: [0.5, 0.5, 0.5, 0.5], ignored: false },
    { label: 'cat', box: [0.5, 0.5, 0.5, 0.5], ignored: true },
    { label: 'cat', box: [0.5, 0.5, 0.5, 0.5], ignored: true },
    { label: 'bus', box: [0, 0, 0.5, 1], ignored: true },
    { label: 'car', box: [0, 0, 0.5, 1], ignored: true },
  ]);
});

function judged(
  objects: Judged['truth']['objects'],
  detections: Judged['detections'],
  exhaustive = ['cat', 'dog'],
): Judged {
  return { truth: { objects, exhaustive: new Set(exhaustive) }, detections };
}
