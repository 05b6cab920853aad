import { expect, test } from 'vitest';
import { stretched } from '../../../scripts/compare/stretched.ts';

const grey = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value]));
const reds = (rgb: Uint8Array) => [...rgb].filter((_, index) => index % 3 === 0);

test('a picture of the same size stays as it is', () => {
  const data = Uint8Array.from({ length: 2 * 3 * 3 }, (_, index) => index * 9);
  expect(stretched({ width: 3, height: 2, data }, 3, 2)).toEqual(data);
});

test('centres of pixels fall on centres, as in OpenCV', () => {
  // cv2.resize(np.array([[0, 100]], np.uint8), (4, 1)) has these.
  expect(reds(stretched({ width: 2, height: 1, data: grey(0, 100) }, 4, 1))).toEqual([0, 25, 75, 100]);
  expect(reds(stretched({ width: 4, height: 1, data: grey(0, 100, 200, 40) }, 2, 1))).toEqual([50, 120]);
  expect(reds(stretched({ width: 1, height: 2, data: grey(0, 100) }, 1, 4))).toEqual([0, 25, 75, 100]);
});
