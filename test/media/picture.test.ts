import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/media/picture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'falconet-picture-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** 4 wide, 2 high: the left half red, the right half blue. */
const picture = (): Sharp =>
  sharp(
    Buffer.from([0, 1].flatMap(() => [0, 0, 1, 1].flatMap((blue) => (blue ? [0, 0, 255] : [255, 0, 0])))),
    {
      raw: { width: 4, height: 2, channels: 3 },
    },
  );

describe('what comes out is RGB24, whatever went in', () => {
  test.each([
    { name: 'PNG', bytes: () => picture().png() },
    { name: 'WebP', bytes: () => picture().webp({ lossless: true }) },
    { name: 'TIFF', bytes: () => picture().tiff({ compression: 'lzw' }) },
    { name: 'a palette', bytes: () => picture().png({ palette: true }) },
    { name: '16 bits', bytes: () => picture().toColourspace('rgb16').png() },
  ])('$name', async ({ bytes }) => {
    const { width, height, data } = await decodePicture(await bytes().toBuffer());
    expect([width, height, data.length]).toEqual([4, 2, 24]);
    expect([...data.subarray(0, 3), ...data.subarray(9, 12)]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  test('grey becomes three equal channels', async () => {
    const grey = await picture().greyscale().toColourspace('b-w').png().toBuffer();
    const { data } = await decodePicture(grey);
    expect(data).toHaveLength(24);
    expect(data[0]).toBe(data[1]);
  });

  test('the four inks of a print become three colours', async () => {
    const { width, height, data } = await decodePicture(
      await picture().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    );
    expect([width, height, data.length]).toEqual([4, 2, 24]);
    const pixel = (index: number) => [...data.subarray(3 * index, 3 * index + 3)] as [number, number, number];
    const [first, last] = [pixel(0), pixel(3)];
    expect(first[0] - first[2]).toBeGreaterThan(100);
    expect(last[2] - last[0]).toBeGreaterThan(100);
  });

  test('transparent parts are white', async () => {
    const clear = sharp({
      create: { width: 2, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    const { data } = await decodePicture(await clear.png().toBuffer());
    expect([...data]).toEqual(new Array(12).fill(255));
  });
});

test('a phone held upright gives an upright picture', async () => {
  const path = join(folder, 'phone.png');
  await picture().withMetadata({ orientation: 6 }).png().toFile(path);
  const { width, height, data } = await decodePicture(path);
  expect([width, height]).toEqual([2, 4]);
  expect([...data.subarray(0, 3), ...data.subarray(-3)]).toEqual([255, 0, 0, 0, 0, 255]);
});

test.each([
  { name: 'a wide one is scaled in its own aspect', maxWidth: 2, expected: [2, 1, 6] },
  { name: 'a small one stays as it is', maxWidth: 640, expected: [4, 2, 24] },
])('a picture at most so wide: $name', async ({ maxWidth, expected }) => {
  const { width, height, data } = await decodePicture(await picture().png().toBuffer(), { maxWidth });
  expect([width, height, data.length]).toEqual(expected);
});

test('a phone held upright is scaled by the width that is seen', async () => {
  const bytes = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
  expect(await decodePicture(bytes, { maxWidth: 1 })).toMatchObject({ width: 1, height: 2 });
});

describe('one error that names the file', () => {
  const failure = (input: string | Buffer) => decodePicture(input).catch((error: unknown) => error);

  test('missing', async () => {
    const path = join(folder, 'nothing.jpg');
    expect(await failure(path)).toMatchObject({
      code: 'PICTURE_UNREADABLE',
      message: expect.stringContaining(path),
    });
  });

  test.each([
    { name: 'empty', bytes: async () => Buffer.alloc(0) },
    { name: 'text', bytes: async () => Buffer.from('hello') },
    { name: 'cut', bytes: async () => (await noise().jpeg().toBuffer()).subarray(0, 1500) },
    {
      name: 'svg',
      bytes: async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    },
  ])('$name', async ({ name, bytes }) => {
    const path = join(folder, name);
    await writeFile(path, await bytes());
    expect(await failure(path)).toMatchObject({
      code: 'PICTURE_UNREADABLE',
      message: expect.stringContaining(path),
    });
  });

  test('a small file that says it is a very large picture', async () => {
    const bomb = sharp({ create: { width: 8000, height: 5001, channels: 3, background: 'black' } });
    expect(await failure(await bomb.png().toBuffer())).toMatchObject({
      code: 'PICTURE_UNREADABLE',
      message: expect.stringMatching(/pixel limit/),
    });
  });
});

function noise(): Sharp {
  const bytes = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 256);
  return sharp(bytes, { raw: { width: 64, height: 64, channels: 3 } });
}
