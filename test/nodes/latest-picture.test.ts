import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { latestPicture } from '../../nodes/preview/latest-picture.ts';
import { type Shown, shownIn } from '../../nodes/preview/shown.ts';
import { FalconetError } from '../../src/core/error.ts';

const PICTURE = { width: 640, height: 360, data: Buffer.alloc(640 * 360 * 3, 90) };

function shown(use = vi.fn()): Shown & { readonly use: typeof use } {
  use.mockImplementation((see) => see(PICTURE));
  return { detections: [{ label: 'cat', score: 0.9, box: [0.2, 0.2, 0.5, 0.5] }], use };
}

function latest(everyMs = 1_000) {
  const onWatch = vi.fn();
  const onFail = vi.fn();
  return { onWatch, onFail, picture: latestPicture({ width: 240, everyMs, onWatch, onFail }) };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('while nobody looks, frames come and go and no pixel is read', async () => {
  const { picture, onWatch } = latest();
  const frames = Array.from({ length: 10 }, () => shown());
  for (const frame of frames) picture.show(frame);
  expect(onWatch).not.toHaveBeenCalled();
  await picture.ask(0);
  expect(frames.map(({ use }) => use.mock.calls.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('who looks gets a JPEG of the width that was asked for, with the boxes', async () => {
  const { picture } = latest();
  picture.show(shown());
  const drawn = await picture.ask(0);
  const { width, height, format } = await sharp(drawn?.jpeg).metadata();
  expect({ width, height, format }).toEqual({ width: 240, height: 135, format: 'jpeg' });
  const { channels } = await sharp(drawn?.jpeg).stats();
  expect(channels.some(({ max }) => max > 200)).toBe(true); // the grey picture has 90 everywhere
});

test('ten editors that look cost one drawing a frame, and no more than the rate', async () => {
  const { picture } = latest(500);
  const [first, second, third] = [shown(), shown(), shown()];
  picture.show(first);
  await Promise.all(Array.from({ length: 10 }, () => picture.ask(0)));
  expect(first.use).toHaveBeenCalledOnce();

  picture.show(second);
  expect((await picture.ask(0))?.number).toBe(1); // a newcomer gets what there is
  expect(await picture.ask(1)).toBeUndefined();
  expect(second.use).not.toHaveBeenCalled();
  picture.show(third);
  vi.advanceTimersByTime(500);
  expect((await picture.ask(1))?.number).toBe(3);
  expect(second.use).not.toHaveBeenCalled();
});

test('tells when the first editor looks, and when the last has gone', async () => {
  const { picture, onWatch } = latest();
  for (let second = 0; second < 5; second++) {
    await picture.ask(0);
    vi.advanceTimersByTime(10_000);
  }
  expect(onWatch.mock.calls).toEqual([[true]]);
  vi.advanceTimersByTime(2_000);
  expect(onWatch.mock.calls).toEqual([[true], [false]]);
  await picture.ask(0);
  picture.close();
  vi.advanceTimersByTime(20_000);
  expect(onWatch.mock.calls).toEqual([[true], [false], [true]]);
});

test('a frame that has made room for newer ones is no fault; a broken picture is told', async () => {
  const { picture, onFail } = latest(0);
  const gone = new FalconetError('FRAME_EXPIRED', 'gone');
  picture.show({ detections: [], use: () => Promise.reject(gone) });
  expect(await picture.ask(0)).toBeUndefined();
  expect(onFail).not.toHaveBeenCalled();

  picture.show(shownIn({ payload: Buffer.from('no picture') }));
  expect(await picture.ask(0)).toBeUndefined();
  expect(onFail).toHaveBeenCalledOnce();
  expect(onFail.mock.calls[0]?.[0]).toMatchObject({ code: 'PICTURE_UNREADABLE' });
});

test.each([
  { name: 'nothing', msg: {} },
  { name: 'a text', msg: { payload: '/etc/passwd' } },
  { name: 'detections without their frame', msg: { payload: [] } },
])('$name is no picture', ({ msg }) => {
  expect(() => shownIn(msg)).toThrow(/expected a picture/);
});
