import type { Frame } from '../../src/core/frame.ts';
import { seeded } from '../../test/tracker/scenes/random.ts';

/** Of a camera's detect stream. */
export const [WIDTH, HEIGHT] = [640, 360];

/** Pixels of noisy ground, RGB24, over which somebody walks, there and back, or nobody. */
export function pictures(count: number, { isWalked }: { readonly isWalked: boolean }): Uint8Array[] {
  const random = seeded(1);
  const ground = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => random.between(90, 150));
  return Array.from({ length: count }, (_, i) => {
    const data = ground.map((value) => value + random.between(0, 4));
    if (!isWalked) return data;
    const left = 200 + 12 * Math.min(i, count - i);
    for (let y = 120; y < 260; y++) data.fill(220, (y * WIDTH + left) * 3, (y * WIDTH + left + 50) * 3);
    return data;
  });
}

/** A frame that is nobody's to release, as it arrives at a time, ms since the epoch. */
export function frameOf(data: Uint8Array, { pts, at }: { readonly pts: number; readonly at: number }): Frame {
  const size = { width: WIDTH, height: HEIGHT };
  return { camera: 'bench', seq: 0, pts, wallTime: at, ...size, format: 'rgb24', data, release() {} };
}
