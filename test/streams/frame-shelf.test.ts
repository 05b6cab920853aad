import { expect, type Mock, onTestFinished, test, vi } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { FramePool } from '../../src/streams/frame-pool.ts';
import { frameShelf, shelfSlots } from '../../src/streams/frame-shelf.ts';

function frame(seq: number, wallTime: number): Frame & { release: Mock<() => void> } {
  const size = { width: 1, height: 1, format: 'rgb24' as const, data: new Uint8Array(3) };
  return { camera: 'drive', seq, pts: wallTime, wallTime, ...size, release: vi.fn<() => void>() };
}

test('a frame is there for as long as it was promised, and its place is free after that', async () => {
  const shelf = frameShelf(2_000);
  const first = frame(0, 0);
  shelf.keep(first);
  shelf.keep(frame(1, 1_999));
  expect(await shelf.use(0, async ({ seq }) => seq)).toBe(0);
  shelf.keep(frame(2, 2_000));
  expect(first.release).toHaveBeenCalledOnce();
  expect(await shelf.use(0, async ({ seq }) => seq)).toBeUndefined();
});

test('after a burst that took all places, the camera goes on: those of old frames are free, but for the newest', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const shelf = frameShelf(2_000);
  const pool = new FramePool(3);
  pool.fit(1, 1);
  const burst = (from: number): number => {
    let seq = from;
    for (let slot = pool.take(); slot !== undefined; slot = pool.take()) {
      shelf.keep({ ...frame(seq, seq), release: slot.release });
      seq++;
    }
    return seq - from;
  };
  expect(burst(0)).toBe(3);
  vi.advanceTimersByTime(1_999);
  expect(burst(3)).toBe(0);
  vi.advanceTimersByTime(1);
  expect(await shelf.use(1, async ({ seq }) => seq)).toBeUndefined();
  expect(await shelf.use(2, async ({ seq }) => seq)).toBe(2);
  expect(burst(3)).toBe(2);
});

test('the pixels of a frame in use stay, also when the camera goes on or is closed meanwhile', async () => {
  const shelf = frameShelf(2_000);
  const first = frame(0, 0);
  shelf.keep(first);
  const { promise, resolve } = Promise.withResolvers<void>();
  const using = shelf.use(0, () => promise);
  shelf.keep(frame(1, 9_000));
  shelf.close();
  expect(first.release).not.toHaveBeenCalled();
  resolve();
  await using;
  expect(first.release).toHaveBeenCalledOnce();
});

test('a use that fails gives the frame back too', async () => {
  const shelf = frameShelf(2_000);
  const first = frame(0, 0);
  shelf.keep(first);
  await expect(shelf.use(0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  shelf.close();
  expect(first.release).toHaveBeenCalledOnce();
});

test('a pool has places for all frames that may be asked for', () => {
  expect(shelfSlots(2_000, 5)).toBe(11);
  expect(shelfSlots(2_000, 0.1)).toBe(2);
});
