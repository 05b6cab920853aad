import { describe, expect, test } from 'vitest';
import { type Motion, type MotionState, motionStep } from '../../src/gate/motion.ts';
import { HEIGHT, mapped, motions, noisy, paint, seeded, WIDTH, yard } from './scene.ts';

const YARD = yard();
/** By infra-red: no colours, other shades, a bright spot in the middle. */
const BY_NIGHT = mapped(YARD, (_, i) => {
  const pixel = i - (i % 3);
  const across = ((pixel / 3) % WIDTH) - WIDTH / 2;
  const shade = 0.2 * (YARD[pixel] as number) + 0.2 * (YARD[pixel + 2] as number);
  return 20 + shade + 90 * Math.exp(-(across * across) / 10_000);
});

const kinds = (all: readonly Motion[]): string[] => all.map(({ kind }) => kind);
const moving = (all: readonly Motion[]): number => all.filter(({ kind }) => kind === 'moving').length;

/** The yard with something in it. */
function withPatch(x: number, y: number, width: number, height: number, shade = 30): Uint8Array {
  const data = YARD.slice();
  paint(data, { x, y, width, height, rgb: [shade, shade, shade] });
  return data;
}

/** Some pictures, one after the other, over and over. */
function cycle(pictures: readonly Uint8Array[]): (index: number) => Uint8Array {
  return (i) => pictures[i % pictures.length] as Uint8Array;
}

describe('motion', () => {
  test('a still picture moves nowhere, the noise of a night camera included', () => {
    const random = seeded(1);
    const all = motions(60, cycle(Array.from({ length: 17 }, () => noisy(YARD, 8, random))));
    expect(kinds(all)[0]).toBe('new');
    expect(new Set(kinds(all).slice(1))).toEqual(new Set(['still']));
  });

  test('who walks at the far end is seen in each picture, and where', () => {
    const all = motions(40, (i) => (i < 10 ? YARD : withPatch(50 + (i - 10) * 2, 115, 6, 16)));
    expect(moving(all.slice(0, 10))).toBe(0);
    for (const [i, { kind, regions }] of all.slice(10).entries()) {
      expect(kind).toBe('moving');
      const [region] = regions;
      expect(region?.x).toBeLessThanOrEqual(50 + i * 2);
      expect((region?.x ?? 0) + (region?.width ?? 0)).toBeGreaterThanOrEqual(54 + i * 2);
      expect(region?.height).toBeLessThanOrEqual(32);
    }
  });

  test('what has come and stands still moves no more within two seconds, and leaves no ghost when it goes', () => {
    const all = motions(80, (i) => (i < 10 || i >= 50 ? YARD : withPatch(100, 110, 60, 30)));
    expect(moving(all.slice(10, 13))).toBe(3);
    expect(moving(all.slice(20, 50))).toBe(0);
    expect(moving(all.slice(50, 53))).toBe(3);
    expect(moving(all.slice(60))).toBe(0);
  });

  test('a lorry whose plain side fills a third of the picture moves', () => {
    const all = motions(20, (i) => (i < 5 ? YARD : withPatch(-200 + (i - 5) * 15, 50, 210, 120)));
    expect(moving(all.slice(6))).toBeGreaterThanOrEqual(13);
  });

  test('a tree in the wind is known after a while, and who passes on the other side is seen all the same', () => {
    const random = seeded(3);
    const tree = (i: number): Uint8Array => {
      const data = YARD.slice();
      for (let leaf = 0; leaf < 150; leaf++) {
        const x = 210 + (leaf % 15) * 6 + random() * 4;
        const y = 10 + Math.floor(leaf / 15) * 6 + random() * 4;
        paint(data, { x, y, width: 4, height: 4, rgb: [110, 140, 130] });
      }
      if (i >= 280) paint(data, { x: (i - 280) * 3, y: 120, width: 8, height: 20, rgb: [30, 30, 30] });
      return data;
    };
    const all = motions(300, tree);
    expect(moving(all.slice(150, 280))).toBeLessThanOrEqual(6);
    expect(moving(all.slice(281))).toBe(19);
  });

  test('rain is no motion', () => {
    const random = seeded(4);
    const rain = (): Uint8Array => {
      const data = noisy(YARD, 3, random);
      for (let drop = 0; drop < 120; drop++) {
        const [x, y] = [random() * WIDTH, random() * HEIGHT];
        paint(data, { x, y, width: 1, height: 6 + random() * 6, rgb: [200, 205, 210] });
      }
      return data;
    };
    expect(moving(motions(60, cycle(Array.from({ length: 23 }, rain))).slice(10))).toBeLessThanOrEqual(2);
  });

  test('lightning moves nothing, and what was known before it holds after it', () => {
    const flash = mapped(YARD, (value) => value * 1.9 + 20);
    const all = kinds(motions(60, (i) => ([20, 21, 24, 40].includes(i) ? flash : YARD)));
    expect([20, 21, 24, 40].map((i) => all[i])).toEqual(Array.from({ length: 4 }, () => 'everywhere'));
    expect(new Set(all.filter((_, i) => i > 0 && ![20, 21, 24, 40].includes(i)))).toEqual(new Set(['still']));
  });

  test('the switch to infra-red moves nothing, and a second later motion is found by night', () => {
    const walker = (i: number): Uint8Array => {
      const data = BY_NIGHT.slice();
      paint(data, { x: 50 + i * 3, y: 115, width: 10, height: 30, rgb: [200, 200, 200] });
      return data;
    };
    const all = motions(60, (i) => (i < 20 ? YARD : i < 40 ? BY_NIGHT : walker(i - 40)));
    expect(moving(all.slice(0, 40))).toBe(0);
    expect(new Set(kinds(all).slice(20, 26))).toEqual(new Set(['everywhere']));
    expect(new Set(kinds(all).slice(27, 40))).toEqual(new Set(['still']));
    expect(moving(all.slice(40))).toBe(20);
  });

  test('dusk and the steps of automatic exposure move nothing', () => {
    const dusk = (i: number): Uint8Array =>
      mapped(YARD, (value) => value * (1 - i / 80) * (i % 10 < 5 ? 1 : 0.93));
    expect(moving(motions(60, dusk, { everyMs: 1_000 }).slice(1))).toBe(0);
  });

  test('the jump of a key frame moves nothing', () => {
    const random = seeded(6);
    const soft = mapped(
      YARD,
      (value, i) => (2 * value + (YARD[i - 3] ?? value) + (YARD[i + 3] ?? value)) / 4,
    );
    const sharp = Array.from({ length: 5 }, () => noisy(YARD, 2, random));
    const pumping = cycle([...sharp, ...sharp.map(() => noisy(soft, 2, random))]);
    expect(moving(motions(60, pumping).slice(10))).toBe(0);
  });

  test('what moves under a mask does not count, right beside it it does', () => {
    const mask: [number, number][] = [
      [0, 0.5],
      [0.5, 0.5],
      [0.5, 1],
      [0, 1],
    ];
    const walk = (from: number) => (i: number) => (i < 5 ? YARD : withPatch(from + i * 3, 115, 10, 30));
    expect(moving(motions(20, walk(10), { masks: [mask] }))).toBe(0);
    expect(moving(motions(20, walk(170), { masks: [mask] }))).toBe(15);
  });

  test('pictures of another session or of another size are compared with nothing', () => {
    const picture = { width: WIDTH, height: HEIGHT, data: YARD, pts: 1_000 };
    const [first] = motionStep(undefined, picture, 0);
    const [second, still] = motionStep(first, { ...picture, pts: 1_200 }, 200);
    expect(still.kind).toBe('still');
    const [third, restarted] = motionStep(second, { ...picture, pts: 0 }, 400);
    expect(restarted.kind).toBe('new');
    const small = { width: 64, height: 36, data: YARD, pts: 200 };
    expect(motionStep(third, small, 600)[1].kind).toBe('new');
  });

  test('a picture that comes again, an hour later or at a time that has fallen moves nothing', () => {
    const walker = withPatch(50, 115, 10, 30);
    const times = [0, 200, 200, 3_600_200, 400, 600, 600, 800];
    let state: MotionState | undefined;
    const all = times.map((at, i) => {
      const picture = { width: WIDTH, height: HEIGHT, data: i < 7 ? YARD : walker, pts: i * 200 };
      const [next, motion] = motionStep(state, picture, at);
      state = next;
      return motion.kind;
    });
    expect(all).toEqual(['new', ...Array.from({ length: 6 }, () => 'still'), 'moving']);
  });

  test('a picture of a few pixels has no motion, and no mistake either', () => {
    const tiny = (pts: number) => ({ width: 2, height: 2, data: new Uint8Array(12).fill(pts), pts });
    const [state] = motionStep(undefined, tiny(0), 0);
    expect(motionStep(state, tiny(200), 200)[1].regions).toEqual([]);
  });
});
