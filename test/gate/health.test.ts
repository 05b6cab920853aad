import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Health } from '../../src/core/health.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { type HealthState, healthStep, initialHealth } from '../../src/gate/health.ts';
import { bundledFfmpeg, runFfmpeg } from '../helpers/ffmpegs.ts';
import { HEIGHT, mapped, noisy, seeded, WIDTH, yard } from './scene.ts';

const EVERY_MS = 5_000;
/** Pictures of ten minutes and of two. */
const LONG = 120;
const SHORT = 24;
const CLIP = join(packageRoot, 'examples/media/demo.mp4');

/** A camera that shows one series of pictures after the other, one picture in five seconds. */
function camera(everyMs = EVERY_MS) {
  let state: HealthState = initialHealth();
  let at = 0;
  return (count: number, pictureOf: (index: number) => Uint8Array, height = HEIGHT): Health => {
    let health: Health = {};
    for (let i = 0; i < count; i++, at += everyMs) {
      [state, health] = healthStep(state, { width: WIDTH, height, data: pictureOf(i) }, at);
    }
    return health;
  };
}

function cycle(pictures: readonly Uint8Array[]): (index: number) => Uint8Array {
  return (i) => pictures[i % pictures.length] as Uint8Array;
}

describe('a camera in a room, by its real pictures', () => {
  let good: (index: number) => Uint8Array;
  beforeAll(async () => {
    good = await pictures('null');
  });

  test.each([
    { name: 'a lens that was covered', filter: 'drawbox=c=gray@0.95:t=fill', condition: 'covered' },
    { name: 'a lamp that went out', filter: 'lutyuv=y=16+(val-16)*0.05', condition: 'dark' },
    { name: 'a lens out of focus', filter: 'gblur=sigma=5', condition: 'blurred' },
    {
      name: 'a camera that was knocked',
      filter: 'crop=270:160:50:20,pad=320:180:0:0:gray',
      condition: 'shifted',
    },
  ])(
    '$name is told as $condition once it has lasted, and no more when all is well again',
    async ({ filter, condition }) => {
      const bad = await pictures(filter);
      const show = camera();
      expect(show(LONG, good)).toEqual({});
      expect(show(8, bad)).toEqual({});
      const health = show(SHORT, bad);
      expect(Object.keys(health)).toEqual([condition]);
      const [since = 0] = Object.values(health);
      expect(since).toBeGreaterThanOrEqual(LONG * EVERY_MS);
      expect(since).toBeLessThan((LONG + 8) * EVERY_MS);
      expect(show(LONG, bad)).toEqual(health);
      expect(show(8, good)).toEqual(health);
      expect(show(SHORT, good)).toEqual({});
    },
  );

  test.each([
    { name: 'infra-red', filter: 'hue=s=0,lutyuv=y=40+val*0.6' },
    { name: 'the noise of a dim evening', filter: 'lutyuv=y=16+(val-16)*0.5,noise=alls=10:allf=t' },
    { name: 'a lamp', filter: 'lutyuv=y=min(235\\,val*1.4)' },
  ])('$name is no condition, neither when it comes nor when it goes', async ({ filter }) => {
    const other = await pictures(filter);
    const show = camera();
    for (const series of [good, other, good, other]) expect(show(2 * SHORT, series)).toEqual({});
  });

  test.each([
    { name: 'a sub-stream of another size', filter: 'null', height: 120 },
    { name: 'infra-red, for the first time', filter: 'hue=s=0,lutyuv=y=40+val*0.6', height: HEIGHT },
  ])(
    '$name, where the lens is out of focus: nobody knows, and it is told no more',
    async ({ filter, height }) => {
      const blurred = await pictures('gblur=sigma=5');
      const other = await pictures(filter);
      const show = camera();
      show(LONG, good);
      expect(Object.keys(show(SHORT, blurred))).toEqual(['blurred']);
      expect(show(36, (i) => other(i).subarray(0, WIDTH * height * 3), height)).toEqual({});
      expect(show(LONG, good)).toEqual({});
    },
  );

  test('a black picture is learned from by nobody, though its size has no past', async () => {
    const show = camera();
    show(LONG, good);
    const black = new Uint8Array(WIDTH * 120 * 3).fill(2);
    expect(Object.keys(show(SHORT, () => black, 120))).toEqual(['dark']);
    expect(Object.keys(show(LONG, () => black, 120))).toEqual(['dark']);
  });

  /** Of the demo clip, one a second. RGB24, [180, 320, 3]. */
  async function pictures(filter: string): Promise<(index: number) => Uint8Array> {
    const filters = `fps=1,scale=${WIDTH}:${HEIGHT},${filter}`;
    const output = ['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
    const raw = await runFfmpeg(await bundledFfmpeg(), '-i', CLIP, '-vf', filters, ...output);
    const bytes = WIDTH * HEIGHT * 3;
    return cycle(
      Array.from({ length: raw.length / bytes }, (_, i) => raw.subarray(i * bytes, (i + 1) * bytes)),
    );
  }
});

describe('a camera in a yard', () => {
  const random = seeded(9);
  const day = cycle(Array.from({ length: 5 }, () => noisy(yard(), 3, random)));
  const black = cycle([new Uint8Array(WIDTH * HEIGHT * 3).fill(6)]);

  test('that gets dark with the evening and bright with the morning is well', () => {
    const show = camera(15_000);
    /** From noon to noon, with 40 minutes of dusk. */
    const light = (i: number): number => (1 + Math.cos((i / 320) * 2 * Math.PI)) / 2;
    const yardBy = (i: number): Uint8Array => mapped(day(i), (value) => 4 + value * light(i));
    for (let i = 0; i < 320; i += 8) expect(show(8, (k) => yardBy(i + k))).toEqual({});
  });

  test('that is black from the start is well: it may be night', () => {
    expect(camera()(LONG, black)).toEqual({});
  });

  test('before which somebody stands for a moment is well', () => {
    const show = camera();
    show(LONG, day);
    for (let times = 0; times < 4; times++) {
      expect(show(6, black)).toEqual({});
      expect(show(6, day)).toEqual({});
    }
  });

  test('that was turned for good looks right after an hour', () => {
    const shift = (data: Uint8Array): Uint8Array => mapped(data, (value, i) => data[i + 26 * 3] ?? value);
    const show = camera();
    show(LONG, day);
    const turned = (i: number): Uint8Array => shift(day(i));
    expect(Object.keys(show(SHORT, turned))).toEqual(['shifted']);
    expect(Object.keys(show(680, cycle([turned(0), turned(1)])))).toEqual(['shifted']);
    expect(show(SHORT, turned)).toEqual({});
  }, 120_000); // each of its 700 looks searches the whole picture

  test('whose pictures come more often is looked at no more than once in five seconds', () => {
    const [first] = healthStep(initialHealth(), { width: WIDTH, height: HEIGHT, data: day(0) }, 0);
    const [second] = healthStep(first, { width: WIDTH, height: HEIGHT, data: day(1) }, 4_999);
    expect(second).toBe(first);
  });

  test('whose pictures change their size is learned anew', () => {
    const show = camera();
    show(LONG, day);
    const [state] = healthStep(initialHealth(), { width: WIDTH, height: HEIGHT, data: day(0) }, 0);
    const small = { width: 64, height: 36, data: day(0) };
    expect(healthStep(state, small, EVERY_MS)[1]).toEqual({});
  });
});
