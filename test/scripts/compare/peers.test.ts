import { describe, expect, test } from 'vitest';
import { mobilenetYolo } from '../../../scripts/compare/mobilenet-yolo.ts';
import { picodetS } from '../../../scripts/compare/picodet.ts';
import { yoloxNano } from '../../../scripts/compare/yolox.ts';

const labels = ['person', 'cat', 'dog'];
const labelOf = (index: number) => (index === 15 ? 'cat' : undefined);
/** Twice as wide as high, one colour. */
const picture = { width: 208, height: 104, data: new Uint8Array(208 * 104 * 3).fill(200).map(redOnly) };

describe('a detector of others is read as its authors do', () => {
  test('MobileNet-YOLO: centre and size in 0..1, the score a product', () => {
    const rows = new Float32Array(1500 * 8);
    rows.set([0.5, 0.5, 0.2, 0.4, 0.8, 0.001, 0.5, 0], 8 * 7);
    const [seen, ...others] = mobilenetYolo('any', labels).read([rows], picture, 0.01);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ label: 'cat', score: expect.closeTo(0.4, 6) });
    expectBox(seen?.box, [0.4, 0.3, 0.2, 0.4]);
  });

  test('PicoDet: each side so far from the centre of a cell as the mean of its bins', () => {
    const [scores, distances] = levels();
    const cell = 3 * 26 + 5; // row 3, column 5 of the second level, whose cells have 16 pixels
    (scores[1] as Float32Array)[cell * 80 + 15] = 0.7;
    (scores[1] as Float32Array)[cell * 80 + 16] = 0.9; // a class that is not judged
    for (const [side, bin] of [1, 2, 3, 4].entries()) {
      (distances[1] as Float32Array)[(cell * 4 + side) * 8 + bin] = 50;
    }
    const [seen, ...others] = picodetS(labelOf).read([...scores, ...distances], picture, 0.01);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ label: 'cat', score: expect.closeTo(0.7, 6) });
    // From (5.5 - 1, 3.5 - 2) to (5.5 + 3, 3.5 + 4) cells of 26 x 26.
    expectBox(seen?.box, [4.5 / 26, 1.5 / 26, 4 / 26, 6 / 26]);
  });

  test('YOLOX: cells of three sizes one after the other, boxes in the fitted picture', () => {
    const rows = new Float32Array(3549 * 85);
    const cell = 52 * 52 + 26 * 4 + 6; // row 4, column 6 of the second level
    rows.set([0.5, 0.5, Math.log(2), Math.log(4), 0.5], cell * 85);
    rows[cell * 85 + 5 + 15] = 0.8;
    const [seen, ...others] = yoloxNano(labelOf).read([rows], picture, 0.01);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ label: 'cat', score: expect.closeTo(0.4, 6) });
    // The picture fills 416 x 208 of the square: 26 x 13 cells of 16 pixels.
    expectBox(seen?.box, [5.5 / 26, 2.5 / 13, 2 / 26, 4 / 13]);
  });
});

test.each([
  {
    name: 'MobileNet-YOLO',
    peer: mobilenetYolo('any', labels),
    first: [200 / 255, 0, 0],
    last: [200 / 255, 0, 0],
  },
  {
    name: 'PicoDet',
    peer: picodetS(labelOf),
    first: [(200 - 123.675) / 58.395, -116.28 / 57.12, -103.53 / 57.375],
    last: [(200 - 123.675) / 58.395, -116.28 / 57.12, -103.53 / 57.375],
  },
  {
    name: 'YOLOX, blue first, grey below',
    peer: yoloxNano(labelOf),
    first: [0, 0, 200],
    last: [114, 114, 114],
  },
])('$name gets the colours it learned with', ({ peer, first, last }) => {
  const input = peer.prepare(picture);
  const pixels = peer.shape[2] * peer.shape[3];
  expect(input).toHaveLength(3 * pixels);
  for (const plane of [0, 1, 2]) {
    expect(input[plane * pixels]).toBeCloseTo(first[plane] as number, 4);
    expect(input[(plane + 1) * pixels - 1]).toBeCloseTo(last[plane] as number, 4);
  }
});

function redOnly(value: number, index: number): number {
  return index % 3 === 0 ? value : 0;
}

/** Empty outputs of PicoDet: scores of each level, then distances. */
function levels(): [Float32Array[], Float32Array[]] {
  const cells = [52, 26, 13, 7].map((side) => side ** 2);
  return [
    cells.map((count) => new Float32Array(count * 80)),
    cells.map((count) => new Float32Array(count * 32)),
  ];
}

function expectBox(box: readonly number[] | undefined, expected: readonly number[]): void {
  expect(box).toHaveLength(4);
  for (const [index, side] of expected.entries()) expect(box?.[index]).toBeCloseTo(side, 5);
}
