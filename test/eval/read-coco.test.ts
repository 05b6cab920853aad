import { describe, expect, test } from 'vitest';
import { type Fault, Faults } from '../../src/eval/faults.ts';
import { readCoco } from '../../src/eval/read-coco.ts';
import type { GroundTruth } from '../../src/eval/truth.ts';
import { toCoco } from '../../src/eval/write-coco.ts';

const cat = { id: 8, name: 'cat' };
const image = { id: 1, file_name: 'a.jpg', width: 100, height: 50 };
const drawn = { image_id: 1, category_id: 8, bbox: [10, 5, 20, 30], area: 600, iscrowd: 0 };

describe('annotations', () => {
  test('of COCO are pictures in the order of their ids, every category exhaustive', () => {
    const second = { ...image, id: 0, file_name: 'sub/b.jpg' };
    const { truths, faults } = read({ images: [image, second], annotations: [drawn] });
    expect(truths).toEqual([
      {
        id: 0,
        file: 'pictures/sub/b.jpg',
        size: { width: 100, height: 50 },
        objects: [],
        ignore: [],
        exhaustive: new Set(['cat']),
      },
      expect.objectContaining({
        file: 'pictures/a.jpg',
        objects: [{ label: 'cat', box: [10, 5, 20, 30], area: 600, standing: 'object' }],
      }),
    ]);
    expect(faults).toEqual([]);
  });

  test('of crowds and difficult ones neither count nor cost', () => {
    const annotations = [
      { ...drawn, iscrowd: 1 },
      { ...drawn, difficult: 1 },
    ];
    const [picture] = read({ annotations }).truths;
    expect(picture?.objects.map(({ standing }) => standing)).toEqual(['crowd', 'difficult']);
  });

  test('may say of a picture which categories are exhaustive and what to ignore', () => {
    const partly = { ...image, exhaustive: [], ignore: [[0, 0, 9, 9]] };
    const [picture] = read({ images: [partly] }).truths;
    expect(picture).toMatchObject({ exhaustive: new Set(), ignore: [[0, 0, 9, 9]] });
  });

  test('may leave out size and area', () => {
    const { area, ...annotation } = drawn;
    const { truths } = read({ images: [{ id: 1, file_name: 'a.jpg' }], annotations: [annotation] });
    expect(truths[0]).toMatchObject({ size: undefined, objects: [{ area }] });
  });

  test("with COCO's names of classes are a VOC model's", () => {
    const categories = [
      { id: 1, name: 'airplane' },
      { id: 2, name: 'truck' },
    ];
    const { categories: known } = read({ categories, annotations: [] }, ['aeroplane', 'person']);
    expect(known).toEqual([
      { id: 1, label: 'aeroplane' },
      { id: 2, label: 'truck' },
    ]);
  });

  test('come out in the same form, with what was cut and left out', () => {
    const annotations = [
      drawn,
      { ...drawn, bbox: [90, 5, 50, 30], difficult: 1 },
      { ...drawn, bbox: [1, 1, 0, 3] },
    ];
    const partly = { ...image, exhaustive: [8], ignore: [[0, 0, 9, 9]] };
    const { categories, truths } = read({ images: [partly], annotations });
    const again = read(JSON.parse(JSON.stringify(toCoco({ categories, truths }))), [], '');
    expect(again.truths).toEqual(truths);
    expect(again.faults).toEqual([]);
  });
});

describe('what is wrong with annotations is counted, with where it was met', () => {
  test.each([
    {
      name: 'a box over the edge is cut',
      annotation: { bbox: [90, -10, 50, 30] },
      box: [90, 0, 10, 20],
      fault: 'box-outside',
      example: 'a.jpg',
    },
    { name: 'a box outside', annotation: { bbox: [100, 0, 5, 5] }, fault: 'box-gone', example: 'a.jpg' },
    { name: 'a box without width', annotation: { bbox: [1, 1, 0, 5] }, fault: 'box-empty', example: 'a.jpg' },
    {
      name: 'a box with a negative height',
      annotation: { bbox: [1, 9, 5, -5] },
      fault: 'box-empty',
      example: 'a.jpg',
    },
    {
      name: 'a category nobody lists',
      annotation: { category_id: 77 },
      fault: 'no-category',
      example: '77 in a.jpg',
    },
    {
      name: 'a picture nobody lists',
      annotation: { image_id: 77 },
      fault: 'no-picture',
      example: 'annotations.json: annotations[0]',
    },
  ])('$name', ({ annotation, box, fault, example }) => {
    const { truths, faults } = read({ annotations: [{ ...drawn, ...annotation }] });
    expect(truths[0]?.objects.map((one) => one.box)).toEqual(box === undefined ? [] : [box]);
    expect(faults).toEqual([{ kind: fault, count: 1, meaning: expect.any(String), examples: [example] }]);
  });

  test('but not the rounding of a box at the edge', () => {
    const { truths, faults } = read({ annotations: [{ ...drawn, bbox: [90, 5, 10.4, 30] }] });
    expect(truths[0]?.objects[0]?.box).toEqual([90, 5, 10, 30]);
    expect(faults).toEqual([]);
  });

  test('many of a kind are one line, with the first three', () => {
    const annotations = ['p', 'q', 'r', 's', 's'].map((_, index) => ({ ...drawn, category_id: 70 + index }));
    const [fault] = read({ annotations }).faults;
    expect(fault).toMatchObject({ count: 5, examples: ['70 in a.jpg', '71 in a.jpg', '72 in a.jpg'] });
  });
});

describe('a file in another form is refused with the place', () => {
  test.each([
    { name: 'no object', json: [], says: 'annotations.json: expected an object' },
    { name: 'no images', json: { images: undefined }, says: 'images: expected a list, got nothing' },
    { name: 'no file name', json: { images: [{ id: 1 }] }, says: 'images[0].file_name: expected a text' },
    {
      name: 'an id twice',
      json: { images: [image, image] },
      says: 'images[1].id: expected each id once, got 1',
    },
    {
      name: 'half a box',
      json: { annotations: [{ ...drawn, bbox: [1, 2] }] },
      says: 'annotations[0].bbox: expected x, y, width and height, got [1,2]',
    },
    {
      name: 'a box of texts',
      json: { annotations: [{ ...drawn, bbox: ['1', 2, 3, 4] }] },
      says: 'annotations[0].bbox: expected a number, got "1"',
    },
  ])('$name', ({ json, says }) => {
    const attempt = () => (Array.isArray(json) ? readAny(json) : read(json));
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'ANNOTATIONS_INVALID', message: expect.stringContaining(says) }),
    );
  });
});

function read(
  parts: object,
  labels: readonly string[] = [],
  folder = 'pictures',
): GroundTruth & { readonly faults: Fault[] } {
  return readAny({ categories: [cat], images: [image], annotations: [], ...parts }, labels, folder);
}

function readAny(json: unknown, labels: readonly string[] = [], folder = 'pictures') {
  const faults = new Faults();
  const truth = readCoco({ json, place: 'annotations.json', images: folder, labels }, faults);
  return { ...truth, faults: faults.list() };
}
