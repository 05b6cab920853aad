import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Segment } from '../../src/core/segment.ts';
import { createRing } from '../../src/media/ring.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

function ringIn(folder: string, limits: { keepMs?: number; keepBytes?: number } = {}) {
  return createRing({ folder, keepMs: 10_000, keepBytes: 1_000, ...limits });
}

/** Segments of a second each, from 0 on. */
function segmentAt(folder: string, second: number, bytes = 10): Segment {
  const path = join(folder, `${second}.ts`);
  return { path, start: second * 1_000, end: (second + 1) * 1_000, bytes };
}

test('a span of time has all segments that hold a part of it, oldest first', () => {
  const ring = ringIn('/nowhere');
  for (const second of [0, 1, 2, 3, 4]) ring.add(segmentAt('/nowhere', second));
  const starts = (from: number, to: number) => ring.between(from, to).map(({ start }) => start);
  expect(starts(1_500, 3_500)).toEqual([1_000, 2_000, 3_000]);
  expect(starts(-5_000, 500)).toEqual([0]);
  expect(starts(4_999, 60_000)).toEqual([4_000]);
  expect(starts(60_000, 70_000)).toEqual([]);
});

test('what is too old or too much leaves the disk, the oldest first', async () => {
  const folder = tempFolder();
  const ring = ringIn(folder, { keepMs: 3_000 });
  const files = [0, 1, 2, 3, 4, 5].map((second) => segmentAt(folder, second));
  for (const file of files) {
    writeFileSync(file.path, '');
    ring.add(file);
  }
  await vi.waitFor(() =>
    expect(files.map(({ path }) => existsSync(path))).toEqual([false, false, true, true, true, true]),
  );
});

test('never more bytes than allowed, but for the newest segment, and never a gap', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const ring = ringIn('/nowhere');
      for (const [second, bytes] of sizes.entries()) {
        ring.add(segmentAt('/nowhere', second, bytes));
        const held = ring.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
        expect(held.slice(0, -1).reduce((sum, segment) => sum + segment.bytes, 0)).toBeLessThanOrEqual(1_000);
        expect(held.at(-1)?.start).toBe(second * 1_000);
        for (const [i, { start }] of held.entries()) if (i > 0) expect(start).toBe(held[i - 1]?.end);
      }
    }),
  );
});

test('who waits for a moment is woken by its segment, by time, or by the end of the recording', async () => {
  vi.useFakeTimers();
  try {
    const ring = ringIn('/nowhere');
    const woken: string[] = [];
    const wait = (name: string, at: number, mostMs: number) =>
      void ring.reached(at, mostMs).then(() => woken.push(name));
    wait('segment', 900, 60_000);
    wait('time', 5_000, 50);
    wait('end', 6_000, 60_000);
    ring.add(segmentAt('/nowhere', 0));
    await vi.advanceTimersByTimeAsync(0);
    expect(woken).toEqual(['segment']);
    await vi.advanceTimersByTimeAsync(50);
    expect(woken).toEqual(['segment', 'time']);
    ring.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(woken).toEqual(['segment', 'time', 'end']);
    await ring.reached(500, 60_000);
  } finally {
    vi.useRealTimers();
  }
});

test('nothing of an unmasked recording stays behind', async () => {
  const folder = join(tempFolder(), 'ring');
  mkdirSync(folder);
  writeFileSync(join(folder, 'of a crash.ts'), '');
  await ringIn(folder).clear();
  expect(existsSync(folder)).toBe(false);
});
