import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import type { LivePicture } from '../../src/core/live.ts';
import { silentLog } from '../../src/core/log.ts';
import { livePictures } from '../../src/pipeline/live.ts';

function frame(seq: number, grey: number, data = new Uint8Array(64 * 36 * 3).fill(grey)): Frame {
  const size = { width: 64, height: 36 };
  return { camera: 'drive', seq, pts: seq, wallTime: seq, ...size, format: 'rgb24', data, release() {} };
}

function next(live: ReturnType<typeof livePictures>): Promise<LivePicture> & { stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<LivePicture>();
  return Object.assign(promise, { stop: live.pictures('drive', resolve) });
}

test('a viewer sees the picture as it was, although its place in the pool is used again at once', async () => {
  const live = livePictures({ log: silentLog });
  const seen = next(live);
  const shown = frame(1, 200);
  live.show(shown, []);
  shown.data.fill(0);
  const { data } = await sharp((await seen).jpeg)
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(Math.abs((data[0] ?? 0) - 200)).toBeLessThan(4);
});

test('however many look, a picture is encoded once', async () => {
  const live = livePictures({ log: silentLog });
  const viewers = Array.from({ length: 10 }, () => next(live));
  live.show(frame(1, 100), []);
  const pictures = await Promise.all(viewers);
  expect(new Set(pictures.map(({ jpeg }) => jpeg)).size).toBe(1);
});

test('a picture that comes while one is encoded is left out, not queued', async () => {
  const live = livePictures({ log: silentLog });
  const seqs: number[] = [];
  const { promise: sixth, resolve } = Promise.withResolvers<void>();
  const seen = next(live);
  live.pictures('drive', ({ seq }) => {
    seqs.push(seq);
    if (seq === 6) resolve();
  });
  for (let seq = 1; seq <= 5; seq++) live.show(frame(seq, 100), []);
  await seen;
  await new Promise(setImmediate); // it is told while it still counts as being encoded
  live.show(frame(6, 100), []);
  await sixth;
  expect(seqs).toEqual([1, 6]);
});

test('who comes later sees the newest picture of a quiet camera at once', async () => {
  const live = livePictures({ log: silentLog });
  const first = next(live);
  live.show(frame(1, 100), []);
  await first;
  expect((await next(live)).seq).toBe(1);
});

test('of a camera that is switched off nobody gets a picture of before', async () => {
  const live = livePictures({ log: silentLog });
  const first = next(live);
  live.show(frame(1, 100), []);
  await first;
  live.forget('drive');
  const later = next(live);
  live.show(frame(2, 100), []);
  expect((await later).seq).toBe(2);
});

test('a picture that is being encoded when its camera is switched off reaches nobody', async () => {
  const live = livePictures({ log: silentLog });
  const seen = next(live);
  live.show(frame(1, 100), []);
  live.forget('drive');
  live.show(frame(2, 100), []);
  expect((await seen).seq).toBe(2);
});

test('a frame that nobody looks at is not touched', () => {
  const live = livePictures({ log: silentLog });
  const untouchable = {
    get data(): Uint8Array {
      throw new Error('expected no look at the pixels');
    },
  };
  live.show(Object.defineProperties(frame(1, 0), Object.getOwnPropertyDescriptors(untouchable)), []);
  const stop = live.pictures('drive', () => {});
  stop();
  live.show(Object.defineProperties(frame(2, 0), Object.getOwnPropertyDescriptors(untouchable)), []);
  expect.assertions(0);
});
