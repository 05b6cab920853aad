import { type Motion, type MotionOptions, type MotionState, motionStep } from '../../src/gate/motion.ts';

/** Half of what cameras are looked at in: the gate's grid is the same, the tests are quicker. */
export const WIDTH = 320;
export const HEIGHT = 180;

/** Numbers in 0..1, the same for the same seed (mulberry32, T. Ettinger 2017). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A rectangle of one colour. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rgb: readonly [number, number, number];
}

/** A yard by day: sky, a wall with windows, ground with stones. RGB24, [180, 320, 3]. */
export function yard(): Uint8Array {
  const random = seeded(7);
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  paint(data, { x: 0, y: 0, width: WIDTH, height: 60, rgb: [150, 175, 210] });
  paint(data, { x: 0, y: 60, width: WIDTH, height: 45, rgb: [140, 110, 95] });
  paint(data, { x: 0, y: 105, width: WIDTH, height: 75, rgb: [95, 100, 90] });
  for (let x = 10; x < WIDTH; x += 40) paint(data, { x, y: 70, width: 20, height: 20, rgb: [60, 70, 85] });
  for (let i = 0; i < 400; i++) {
    const shade = 70 + random() * 60;
    const [x, y] = [Math.floor(random() * 315), 108 + Math.floor(random() * 70)];
    paint(data, { x, y, width: 2 + random() * 3, height: 2, rgb: [shade, shade, shade] });
  }
  return data;
}

/** Paints a patch, cut to the picture. */
export function paint(data: Uint8Array, { x, y, width, height, rgb }: Patch): void {
  for (let row = Math.max(0, Math.round(y)); row < Math.min(HEIGHT, Math.round(y + height)); row++) {
    for (let column = Math.max(0, Math.round(x)); column < Math.min(WIDTH, Math.round(x + width)); column++) {
      data.set(rgb, (row * WIDTH + column) * 3);
    }
  }
}

/** A copy with each value changed; what leaves 0..255 is cut off there. */
export function mapped(data: Uint8Array, change: (value: number, index: number) => number): Uint8Array {
  const clamped = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) clamped[i] = change(data[i] as number, i);
  return new Uint8Array(clamped.buffer);
}

/** A copy with the noise of a sensor, about normal, all colours of a pixel alike. */
export function noisy(data: Uint8Array, deviation: number, random: () => number): Uint8Array {
  let noise = 0;
  return mapped(data, (value, i) => {
    if (i % 3 === 0) noise = (random() + random() + random() - 1.5) * 2 * deviation;
    return value + noise;
  });
}

export interface Sequence extends MotionOptions {
  /** From picture to picture. @default 200 */
  readonly everyMs?: number;
}

/** What moves in each of a camera's pictures. */
export function motions(
  count: number,
  pictureOf: (index: number) => Uint8Array,
  { everyMs = 200, ...options }: Sequence = {},
): Motion[] {
  let state: MotionState | undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = i * everyMs;
    const picture = { width: WIDTH, height: HEIGHT, data: pictureOf(i), pts: at };
    const [next, motion] = motionStep(state, picture, at, options);
    state = next;
    return motion;
  });
}
