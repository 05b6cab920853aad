import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import { NutParser } from '../../src/ffmpeg/nut.ts';
import { NutCursor } from '../../src/ffmpeg/nut-cursor.ts';
import { readStreamHeader } from '../../src/ffmpeg/nut-headers.ts';
import { availableFfmpegs, runFfmpeg } from '../helpers/ffmpegs.ts';

const NUT = ['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'nut', 'pipe:1'];
const RAW = ['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];

interface Picture {
  readonly pts: number;
  readonly pixels: Buffer;
}

/** Pictures of `bytes`, pushed in pieces of the lengths given, over and over. */
function parse(bytes: Uint8Array, lengths: readonly number[] = [65_536]) {
  const pictures: Picture[] = [];
  const sizes: string[] = [];
  let place = Buffer.alloc(0);
  let pts = Number.NaN;
  const parser = new NutParser({
    size(width, height) {
      sizes.push(`${width}x${height}`);
      place = Buffer.alloc(width * height * 3);
    },
    take(at) {
      pts = at;
      return place;
    },
    filled: () => pictures.push({ pts, pixels: Buffer.from(place) }),
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    expect(parser.push(bytes.subarray(at, at + length))).toBe(Math.min(length, bytes.length - at));
    at += length;
  }
  return { pictures, sizes };
}

const lavfi = (source: string): string[] => ['-f', 'lavfi', '-i', source];
const ffmpegs = await availableFfmpegs();
const [bundled] = ffmpegs;
if (bundled === undefined) throw new TypeError('expected the bundled ffmpeg');
const small = await runFfmpeg(bundled, ...lavfi('testsrc=size=34x18:rate=5:duration=1'), ...NUT);

describe.each(ffmpegs)('pictures of ffmpeg $version are the ones that it decoded', (ffmpeg) => {
  test.each([
    {
      name: 'a picture of ordinary size',
      source: 'testsrc=size=320x180:rate=10:duration=2',
      size: '320x180',
    },
    {
      name: 'so many that the headers come again',
      source: 'testsrc=size=640x360:rate=25:duration=1',
      size: '640x360',
    },
    {
      name: 'tiny ones, whose first bytes NUT leaves out',
      source: 'color=c=0x000001:size=8x8:duration=1',
      size: '8x8',
    },
  ])('$name', async ({ source, size }) => {
    const raw = await runFfmpeg(ffmpeg, ...lavfi(source), ...RAW);
    const { pictures, sizes } = parse(await runFfmpeg(ffmpeg, ...lavfi(source), ...NUT));

    expect(sizes).toEqual([size]);
    expect(pictures.length).toBeGreaterThan(5);
    expect(Buffer.concat(pictures.map(({ pixels }) => pixels)).equals(raw)).toBe(true);
  });

  test('a gap in time is a gap in the timestamps, counted in ms from the first picture', async () => {
    const gap = ['-vf', "select='lt(t,0.4)+gt(t,3.5)',setpts=PTS+60/TB"];
    const { pictures } = parse(
      await runFfmpeg(ffmpeg, ...lavfi('testsrc=size=32x32:rate=10:duration=4'), ...gap, ...NUT),
    );
    expect(pictures.map(({ pts }) => pts)).toEqual([0, 100, 200, 300, 3600, 3700, 3800, 3900]);
  });
});

/** A stream header's size, as it is read. */
function sizeRead(width: number, height: number) {
  const number = (value: number) => [128 | (value >> 14), 128 | ((value >> 7) & 127), value & 127];
  const beforeSize = [0, 0, 4, ...Buffer.from('RGB\x18', 'latin1'), 0, 0, 0, 0, 0, 0];
  const bytes = Uint8Array.from([...beforeSize, ...number(width), ...number(height)]);
  const main = { timeBases: [{ numerator: 1, denominator: 1_000 }], codes: [], elided: [] };
  return readStreamHeader(new NutCursor(bytes, 0, bytes.length), main);
}

test.each([
  ['a panorama of two lenses', 7_680, 2_160],
  ['a camera that hangs on its side', 2_160, 7_680],
  ['as many pixels as there may be', 8_000, 5_000],
])('a picture may be as wide or high as cameras have it: %s', (_, width, height) => {
  expect(sizeRead(width, height)).toMatchObject({ width, height });
});

test('however the bytes are cut, the pictures are the same', () => {
  const whole = parse(small).pictures;
  expect(whole).toHaveLength(5);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 20 }), (lengths) => {
      expect(parse(small, lengths).pictures).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test('a target that has no place keeps the rest of the chunk waiting and loses nothing', () => {
  const pts: number[] = [];
  let isFree = false;
  let place = new Uint8Array(0);
  const parser = new NutParser({
    size: (width, height) => {
      place = new Uint8Array(width * height * 3);
    },
    take(at) {
      if (!isFree) return 'wait';
      isFree = false;
      pts.push(at);
      return place;
    },
    filled: () => {},
  });
  let rest: Uint8Array = small;
  for (let places = 0; places < 5; places++) {
    rest = rest.subarray(parser.push(rest));
    expect(parser.push(rest)).toBe(0);
    isFree = true;
  }
  expect(parser.push(rest)).toBe(rest.length);
  expect(pts).toEqual([0, 200, 400, 600, 800]);
});

test('a picture that is skipped leaves the next one whole', () => {
  const whole = parse(small).pictures;
  const place = Buffer.alloc(34 * 18 * 3);
  const kept: Buffer[] = [];
  let asked = 0;
  const parser = new NutParser({
    size: () => {},
    take: () => (asked++ % 2 === 0 ? 'skip' : place),
    filled: () => kept.push(Buffer.from(place)),
  });
  parser.push(small);
  expect(kept).toEqual([whole[1]?.pixels, whole[3]?.pixels]);
});

describe('bytes that are not what they should be are SOURCE_BYTES, never a wrong picture or endless memory', () => {
  test.each([
    { name: 'text', bytes: async () => Buffer.from('No such filter: "select"\n') },
    {
      name: 'another format',
      bytes: () => runFfmpeg(bundled, ...lavfi('testsrc=duration=1'), '-f', 'avi', 'pipe:1'),
    },
    { name: 'other pixels', bytes: () => nut('-pix_fmt', 'yuv420p', '-c:v', 'rawvideo') },
    { name: 'compressed pictures', bytes: () => nut('-c:v', 'mjpeg') },
    {
      name: 'sound beside the pictures',
      bytes: () => nut('-f', 'lavfi', '-i', 'sine=duration=1', '-c:v', 'rawvideo', '-pix_fmt', 'rgb24'),
    },
    { name: 'a stream that begins in its middle', bytes: async () => small.subarray(400) },
    {
      name: 'a startcode of nothing',
      bytes: async () => Buffer.concat([small.subarray(0, 25), Buffer.from('NONSENSE')]),
    },
  ])('$name', async ({ bytes }) => {
    const given = await bytes();
    expect(() => parse(given)).toThrow(expect.objectContaining({ code: 'SOURCE_BYTES' }));
  });

  test('any byte of the headers changed', () => {
    fc.assert(
      fc.property(fc.nat(350), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(small);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        try {
          for (const { pixels } of parse(bytes, [1_000]).pictures) expect(pixels.length % 3).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FalconetError);
          expect(error).toMatchObject({ code: 'SOURCE_BYTES' });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['larger than 40 million pixels', 8_000, 5_001],
    ['without a side', 0, 18],
  ])('a picture %s', (_, width, height) => {
    expect(() => sizeRead(width, height)).toThrow(expect.objectContaining({ code: 'SOURCE_BYTES' }));
  });

  function nut(...options: string[]): Promise<Buffer> {
    return runFfmpeg(
      bundled as NonNullable<typeof bundled>,
      ...lavfi('testsrc=duration=1'),
      ...options,
      '-f',
      'nut',
      'pipe:1',
    );
  }
});
