import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AccessUnit } from './annex-b.ts';
import { play } from './player.ts';

const units: AccessUnit[] = [
  { nals: [], isKey: true },
  { nals: [], isKey: false },
  { nals: [], isKey: false },
];

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function playing(loop: boolean) {
  const sent: number[][] = [];
  const onEnd = vi.fn();
  const start = performance.now();
  const onUnit = (unit: AccessUnit, n: number): void => {
    sent.push([Math.round(performance.now() - start), units.indexOf(unit), n]);
  };
  return { sent, onEnd, stop: play({ units, fps: 3, loop, onUnit, onEnd }) };
}

test("pictures come at the clip's rate without drift, and the end after the last one's time", () => {
  const { sent, onEnd } = playing(false);
  vi.advanceTimersByTime(990);
  expect(sent.map(([, ...picture]) => picture)).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(sent.map(([ms = 0], n) => Math.abs(ms - (n * 1000) / 3) <= 2)).toEqual([true, true, true]);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(onEnd).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('a loop begins again and its count goes on, until it is stopped', () => {
  const { sent, onEnd, stop } = playing(true);
  vi.advanceTimersByTime(3_500);
  stop();
  vi.advanceTimersByTime(3_500);

  expect(sent.map(([, index]) => index)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]);
  expect(sent.at(-1)?.[2]).toBe(10);
  expect(onEnd).not.toHaveBeenCalled();
});
