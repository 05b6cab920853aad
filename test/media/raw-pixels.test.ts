import { expect, test } from 'vitest';
import { rawPixels } from '../../src/media/raw-pixels.ts';

test('pixels of another program are taken as they lie', () => {
  const data = Buffer.alloc(4 * 2 * 3);
  const picture = rawPixels({ width: 4, height: 2, data, channels: 3 });
  expect(picture).toEqual({ width: 4, height: 2, data });
  expect(picture.data).toBe(data);
});

test.each([
  ['nothing', {}, 'expected data as a Buffer, got undefined'],
  [
    'a Buffer that went through JSON',
    { width: 1, height: 1, data: { type: 'Buffer', data: [0, 0, 0] } },
    'got object',
  ],
  [
    'red, green, blue and alpha',
    { width: 2, height: 1, data: Buffer.alloc(8) },
    'expected pixels of length 6 (2 x 1 x 3), got 8',
  ],
  [
    'a row too few',
    { width: 2, height: 2, data: Buffer.alloc(6) },
    'expected pixels of length 12 (2 x 2 x 3), got 6',
  ],
  ['no width', { height: 2, data: Buffer.alloc(6) }, 'got undefined x 2'],
  ['sides as text', { width: '2', height: '1', data: Buffer.alloc(6) }, 'expected whole sides'],
  ['half a pixel', { width: 0.5, height: 2, data: Buffer.alloc(3) }, 'expected whole sides'],
  ['a minus on both sides', { width: -1, height: -1, data: Buffer.alloc(3) }, 'expected whole sides'],
  ['far too many', { width: 1e5, height: 1e5, data: Buffer.alloc(3) }, 'at most 40 million'],
])('%s is refused with what was expected', (_name, value, words) => {
  expect(() => rawPixels(value)).toThrow(words);
  expect(() => rawPixels(value)).toThrow(expect.objectContaining({ code: 'PICTURE_UNREADABLE' }));
});
