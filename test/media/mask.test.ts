import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contains, type Polygon } from '../../src/core/polygon.ts';
import { privacyMask } from '../../src/media/mask.ts';

const CORNER: Polygon = [
  [0.75, 0],
  [1, 0],
  [1, 0.5],
  [0.75, 0.5],
];

const white = (width: number, height: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(255),
});

/** Rows of a picture, `#` where it is black. */
function drawn({ width, height, data }: ReturnType<typeof white>): string[] {
  const at = (x: number, y: number) => (data[(y * width + x) * 3] === 0 ? '#' : '.');
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => at(x, y)).join(''));
}

test('an area is black to its edge and one pixel beyond, whatever the size of the picture', () => {
  const mask = privacyMask([CORNER]);
  const [small, large] = [white(8, 4), white(16, 8)];
  mask.paint(small);
  mask.paint(large);
  expect(drawn(small)).toEqual(['.....###', '.....###', '.....###', '.....###']);
  expect(drawn(large)).toEqual([
    ...Array.from({ length: 6 }, () => '...........#####'),
    ...Array.from({ length: 2 }, () => '................'),
  ]);
});

test('a mask without areas changes nothing', () => {
  const picture = white(8, 4);
  privacyMask([]).paint(picture);
  expect(drawn(picture).join('')).not.toContain('#');
});

test('no point of a triangle is ever seen, in any picture', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const corner = fc.tuple(share, share);
  const sides = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.tuple(corner, corner, corner), sides, sides, corner, (triangle, width, height, [x, y]) => {
      fc.pre(contains(triangle, [x, y]));
      const picture = white(width, height);
      privacyMask([triangle]).paint(picture);
      const [column, row] = [
        Math.min(width - 1, Math.floor(x * width)),
        Math.min(height - 1, Math.floor(y * height)),
      ];
      expect(picture.data[(row * width + column) * 3]).toBe(0);
    }),
  );
});

test('the cover of a clip hides just what is painted in pictures', async () => {
  const mask = privacyMask([CORNER, [[0, 0.5], [0.3, 1], [0, 1]]]); // biome-ignore format: one line a mask
  const picture = white(33, 21);
  mask.paint(picture);
  const { data, info } = await sharp(await mask.cover({ width: 33, height: 21 }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 33, height: 21, channels: 4 });
  const hidden = Array.from({ length: 33 * 21 }, (_, i) => data[i * 4 + 3] === 255);
  expect(hidden).toEqual(Array.from({ length: 33 * 21 }, (_, i) => picture.data[i * 3] === 0));
});
