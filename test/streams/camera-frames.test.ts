import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { availableFfmpegs, bundledFfmpeg, makeClip, runFfmpeg } from '../helpers/ffmpegs.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const ffmpeg = await bundledFfmpeg();

const fast = (path: string) => ({ kind: 'file', path, pace: 'fast', loop: false }) as const;
const clip = (options: Parameters<typeof makeClip>[1] = {}) =>
  makeClip(join(tempFolder(), 'clip.mp4'), options);

describe.each(await availableFfmpegs())('a file read by ffmpeg $version', (each) => {
  test('gives every picture once with its time, then ends', async () => {
    const seen = watchCamera({ ffmpeg: each, source: fast(await clip({ rate: 10, seconds: 2 })) });
    await seen.ended;
    expect(seen.error()).toBeUndefined();
    expect(seen.frames.map(({ pts }) => pts)).toEqual(Array.from({ length: 20 }, (_, i) => i * 100));
    expect(seen.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(seen.states).toEqual(['connecting/starting', 'online/frames', 'offline/end-of-file']);
  });

  test('gives no picture twice over a gap in time', async () => {
    const source = fast(await clip({ rate: 10, seconds: 6, filters: "select='lt(t,1)+gte(t,5)'" }));
    const seen = watchCamera({ ffmpeg: each, source });
    await seen.ended;
    const times = Array.from({ length: 20 }, (_, i) => (i < 10 ? i * 100 : 4_000 + i * 100));
    expect(seen.frames.map(({ pts }) => pts)).toEqual(times);
  });

  test('is thinned to the rate asked for, and left alone where it is slower', async () => {
    const source = fast(await clip({ rate: 25, seconds: 2 }));
    const slow = watchCamera({ ffmpeg: each, source, fps: 5 });
    const quick = watchCamera({ ffmpeg: each, source, fps: 30 });
    await Promise.all([slow.ended, quick.ended]);
    // The second one may come early: a cell of the grid begins before its middle.
    expect(slow.frames.map(({ pts }) => pts).slice(1)).toEqual(
      Array.from({ length: 10 }, (_, i) => 160 + i * 200),
    );
    expect(quick.frames).toHaveLength(50);
  });

  test('loops with its time going on', async () => {
    const looping = { ...fast(await clip({ rate: 10, seconds: 1 })), loop: true };
    const seen = watchCamera({ ffmpeg: each, source: looping }, (frame) => {
      frame.release();
      if (frame.pts >= 2_500) seen.subscription.unsubscribe();
    });
    await vi.waitFor(() => expect(seen.subscription.closed).toBe(true), 20_000);
    expect(seen.frames.map(({ pts }) => pts)).toEqual(Array.from({ length: 26 }, (_, i) => i * 100));
  });
});

test.each([
  { name: 'a wide one is scaled in its own aspect', size: '1280x400', expected: [640, 200] },
  { name: 'a small one stays as it is', size: '320x180', expected: [320, 180] },
  { name: 'sides become even', size: '1300x322', expected: [640, 158] },
])('the size of pictures: $name', async ({ size, expected }) => {
  const seen = watchCamera({ ffmpeg, source: fast(await clip({ size, seconds: 1 })) });
  await seen.ended;
  expect([seen.frames[0]?.width, seen.frames[0]?.height]).toEqual(expected);
});

test('a camera that changes its resolution under way goes on, its frames being as they were', async () => {
  const folder = tempFolder();
  const parts = [
    await makeClip(join(folder, 'wide.ts'), { size: '320x180', seconds: 1 }),
    await makeClip(join(folder, 'high.ts'), { size: '320x240', seconds: 1 }),
  ];
  const both = join(folder, 'both.ts');
  writeFileSync(both, Buffer.concat(parts.map((part) => readFileSync(part))));
  const seen = watchCamera({ ffmpeg, source: fast(both) });
  await seen.ended;
  expect(seen.error()).toBeUndefined();
  expect(seen.frames).toHaveLength(20);
  expect(new Set(seen.frames.map(({ width, height }) => `${width}x${height}`))).toEqual(new Set(['320x180']));
});

test('a file that is cut shows what there is of it, then ends', async () => {
  const folder = tempFolder();
  const whole = readFileSync(await makeClip(join(folder, 'whole.ts'), { seconds: 2 }));
  const path = join(folder, 'cut.ts');
  writeFileSync(path, whole.subarray(0, whole.length / 2));
  const seen = watchCamera({ ffmpeg, source: fast(path) });
  await seen.ended;
  expect(seen.error()).toBeUndefined();
  expect(seen.frames.length).toBeGreaterThan(5);
  expect(seen.frames.length).toBeLessThan(20);
  expect(seen.states.at(-1)).toBe('offline/end-of-file');
});

test('a fast file waits for who holds its frames, and loses none', async () => {
  let held = 0;
  let mostHeld = 0;
  const source = fast(await clip({ seconds: 2 }));
  const seen = watchCamera({ ffmpeg, source, slots: 2 }, (frame) => {
    mostHeld = Math.max(mostHeld, ++held);
    setTimeout(() => {
      held--;
      frame.release();
    }, 10);
  });
  await seen.ended;
  expect(seen.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect({ mostHeld, busy: seen.drops.busy }).toEqual({ mostHeld: 2, busy: 0 });
});

test('in real time frames that find no place are dropped and counted, and the numbers show the gap', async () => {
  const held: Frame[] = [];
  const source = { ...fast(await clip({ rate: 25, seconds: 1 })), pace: 'real-time' } as const;
  const seen = watchCamera({ ffmpeg, source, slots: 2 }, (frame) => held.push(frame));
  const began = performance.now();
  await seen.ended;
  expect(performance.now() - began).toBeGreaterThan(800);
  expect(seen.frames.map(({ seq }) => seq)).toEqual([0, 1]);
  expect(seen.drops.busy).toBe(23);
});

test('pixels of a held frame stay, those of a released one are written again', async () => {
  const held: Frame[] = [];
  const copies: Buffer[] = [];
  const seen = watchCamera({ ffmpeg, source: fast(await clip({ seconds: 1 })), slots: 3 }, (frame) => {
    if (held.length < 2) {
      held.push(frame);
      copies.push(Buffer.from(frame.data));
    } else frame.release();
  });
  await seen.ended;
  expect(seen.frames).toHaveLength(10);
  expect(held.map(({ data }, i) => copies[i]?.equals(data))).toEqual([true, true]);
});

test('arrival never falls, even when the clock does', async () => {
  let time = 1_000;
  const clock = { now: () => (time -= 10) };
  const seen = watchCamera({ ffmpeg, source: fast(await clip({ seconds: 1 })), clock });
  await seen.ended;
  const times = seen.frames.map(({ wallTime }) => wallTime);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

describe('a file that gives no video is one error that names it', () => {
  test.each([
    { name: 'is not there', file: 'nothing.mp4', content: undefined, reason: 'no-such-file' },
    { name: 'is empty', file: 'empty.mp4', content: '', reason: 'not-video' },
    { name: 'is text', file: 'notes.md', content: 'no video at all\n'.repeat(50), reason: 'not-video' },
    {
      name: 'names other files',
      file: 'list.m3u8',
      content: '#EXTM3U\n#EXTINF:1\nhttp://127.0.0.1:1/a.ts\n',
      reason: 'not-video',
    },
  ])('$name', async ({ file, content, reason }) => {
    const path = join(tempFolder(), file);
    if (content !== undefined) writeFileSync(path, content);
    const seen = watchCamera({ ffmpeg, source: fast(path) });
    await seen.ended;
    expect(seen.error()).toMatchObject({
      code: 'SOURCE_ENDED',
      message: expect.stringContaining(path),
      facts: { reason },
    });
    expect(seen.states).toEqual(['connecting/starting', `offline/${reason}`]);
    expect(seen.children.pids).toEqual([]);
  });

  test('is cut before its index', async () => {
    const whole = readFileSync(await clip({ seconds: 1 }));
    const path = join(tempFolder(), 'cut.mp4');
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    const seen = watchCamera({ ffmpeg, source: fast(path) });
    await seen.ended;
    expect(seen.error()).toMatchObject({ code: 'SOURCE_ENDED', facts: { reason: 'not-video' } });
  });

  test('sound only', async () => {
    const path = join(tempFolder(), 'sound.wav');
    await runFfmpeg(ffmpeg, '-f', 'lavfi', '-i', 'sine=duration=1', path);
    const seen = watchCamera({ ffmpeg, source: fast(path) });
    await seen.ended;
    expect(seen.error()).toMatchObject({ code: 'SOURCE_ENDED', facts: { reason: 'not-video' } });
  });
});

test('an ffmpeg that is not there is one error, and so is one that writes something else', async () => {
  const source = fast(await clip());
  const missing = watchCamera({ ffmpeg: { ...ffmpeg, path: '/nowhere/ffmpeg' }, source });
  const other = watchCamera({ ffmpeg: { ...ffmpeg, path: '/bin/echo' }, source });
  await Promise.all([missing.ended, other.ended]);
  expect(missing.error()).toMatchObject({ code: 'SOURCE_SPAWN' });
  expect(missing.states.at(-1)).toBe('offline/ffmpeg-missing');
  expect(other.error()).toMatchObject({
    code: process.platform === 'win32' ? 'SOURCE_SPAWN' : 'SOURCE_BYTES',
  });
});

test('leaving in the middle of a picture leaves no child', async () => {
  const source = { ...fast(await clip({ size: '1280x720' })), loop: true };
  const seen = watchCamera({ ffmpeg, source, maxWidth: 1280 }, () => seen.subscription.unsubscribe());
  await vi.waitFor(() => expect(seen.frames).toHaveLength(1), 20_000);
  await seen.children.closeAll();
  expect(seen.children.pids).toEqual([]);
  expect(seen.states.at(-1)).toBe('offline/stopped');
});
