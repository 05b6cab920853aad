import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { readResults } from '../../src/eval/coco-results.ts';
import { cocoFigures, OBJECT_SIZES, type ObjectSize } from '../../src/eval/coco-rule.ts';
import { Faults } from '../../src/eval/faults.ts';
import { judge } from '../../src/eval/judge.ts';
import { readCoco } from '../../src/eval/read-coco.ts';
import type { Judged } from '../../src/eval/truth.ts';
import { box, found, judged, object } from './judged.ts';

/** `[AP, AP50, AP75]` of each label and size, -1 where nothing counts: training/coco_reference.py. */
type Answer = Readonly<Record<string, Readonly<Record<ObjectSize, readonly [number, number, number]>>>>;

const answer = fixture('answer') as { readonly plain: Answer; readonly extended: Answer };

test.each([
  { name: "COCO's own annotations", labels: answer.plain, json: withoutAdditions(fixture('annotations')) },
  {
    name: 'exhaustive lists, ignored regions and difficult ones',
    labels: answer.extended,
    json: fixture('annotations'),
  },
])('figures are those of pycocotools with $name', ({ labels, json }) => {
  const all = judgedFixture(json);
  for (const [label, ofLabel] of Object.entries(labels)) {
    const figures = cocoFigures(all, label);
    for (const size of OBJECT_SIZES) {
      const { ap = -1, ap50 = -1, ap75 = -1 } = figures[size];
      for (const [index, value] of [ap, ap50, ap75].entries()) {
        expect(value, `${label} ${size} ${index}`).toBeCloseTo(ofLabel[size][index] as number, 6);
      }
    }
  }
});

test('a mean is over the labels that occur', () => {
  const { coco, ap50, objects } = judge([judged([object(box(0))], [found(box(0), 0.5)])], ['cat', 'dog']);
  expect(objects).toBe(1);
  expect(ap50).toBe(1);
  expect(coco.all).toEqual({ objects: 1, ap: expect.closeTo(1, 10), ap50: 1, ap75: 1 });
});

test('a size of which there is no object has no figure, and costs the others nothing', () => {
  const small = object([0, 0, 10, 10]);
  const { small: own, large } = cocoFigures(
    [judged([small], [found([0, 0, 10, 10], 0.5), found([0, 0, 200, 200], 0.9)])],
    'cat',
  );
  expect(own.ap50).toBe(1);
  expect(large).toEqual({ objects: 0, ap: undefined, ap50: undefined, ap75: undefined });
});

function judgedFixture(json: unknown): Judged[] {
  const faults = new Faults();
  const truth = readCoco({ json, place: 'annotations.json', images: '.', labels: [] }, faults);
  const found = readResults(fixture('detections'), 'detections.json', truth, faults);
  expect(faults.list()).toEqual([]);
  return truth.truths.map((one) => ({ truth: one, found: found.get(one.id) ?? [] }));
}

function withoutAdditions(json: unknown): object {
  const { images, annotations, categories } = json as Record<
    'images' | 'annotations' | 'categories',
    object[]
  >;
  return {
    categories,
    images: images.map((one) => ({ ...one, exhaustive: undefined, ignore: undefined })),
    annotations: annotations.map((one) => ({ ...one, difficult: undefined })),
  };
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(packageRoot, `test/fixtures/coco/${name}.json`), 'utf8'));
}
