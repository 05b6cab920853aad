import { expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { motionGate } from '../../src/pipeline/gate.ts';
import { HEIGHT, paint, WIDTH, yard } from '../gate/scene.ts';

const PLAN = { threshold: 12, minArea: 0.0005, maxSquares: 4, masks: [] };
const YARD = yard();

/** The yard with somebody so far from the left, at a time in seconds. */
function pictureAt(seconds: number, x?: number, pts = seconds * 1_000): Frame {
  const data = YARD.slice();
  if (x !== undefined) paint(data, { x, y: 110, width: 20, height: 50, rgb: [30, 30, 30] });
  const size = { width: WIDTH, height: HEIGHT };
  return {
    ...{ camera: 'drive', seq: 0, pts, wallTime: seconds * 1_000 },
    ...{ ...size, format: 'rgb24', data, release() {} },
  };
}

const frames = (seconds: number): number[] => Array.from({ length: seconds * 5 }, (_, i) => i / 5);

test('who walks by, waits for a moment and goes on is one motion, over five seconds after the last', () => {
  const gate = motionGate(PLAN, 300);
  const placeAt = (s: number): number | undefined => {
    if (s < 4 || s >= 12) return undefined;
    return 40 * (s < 6 ? s - 4 : s < 10 ? 2 : s - 8);
  };
  const moving = frames(20).map((s) => [s, gate.arrived(pictureAt(s, placeAt(s)))] as const);
  const turns = moving.filter(([, is], i) => i > 0 && is !== moving[i - 1]?.[1]);
  expect(turns.map(([, is]) => is)).toEqual([true, false]);
  expect(turns[0]?.[0]).toBeCloseTo(4, 0);
  const [over = 0] = turns[1] ?? [];
  expect(over).toBeGreaterThanOrEqual(16.5);
  expect(over).toBeLessThan(19.5);
});

test('what moved before a camera was lost does not move when it is back', () => {
  const gate = motionGate(PLAN, 300);
  for (const s of frames(2)) gate.arrived(pictureAt(s, s < 1 ? undefined : 40 * s));
  expect(gate.arrived(pictureAt(2, 80))).toBe(true);
  expect(gate.arrived(pictureAt(4.5, undefined, 0))).toBe(false);
  expect(gate.arrived(pictureAt(4.7, undefined, 200))).toBe(false);
});
