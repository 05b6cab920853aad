import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { availableFfmpegs, bundledFfmpeg, makeClip } from '../helpers/ffmpegs.ts';
import { type RtspCameraOptions, startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
/** ffmpeg 4 reads a number of pictures before it shows one: a quick camera keeps the tests short. */
const QUICK_FPS = 50;
const patience = { firstMs: 8_000, gapMs: 1_000, retryMs: 100, mostRetryMs: 400 };
const WAIT = { timeout: 30_000, interval: 20 };
const ffmpeg = await bundledFfmpeg();

async function online(
  { clip = CLIP, ...camera }: Partial<RtspCameraOptions> = {},
  options: Partial<Parameters<typeof watchCamera>[0]> = {},
) {
  const source = await startRtspCamera({ clip, fps: QUICK_FPS, ...camera });
  onTestFinished(() => source.close());
  const seen = watchCamera({ ffmpeg, source: { kind: 'rtsp', url: source.url }, patience, ...options });
  await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(5), WAIT);
  return { source, seen };
}

type Seen = Awaited<ReturnType<typeof online>>['seen'];
const clip = () => makeClip(join(tempFolder(), 'clip.mp4'), { rate: 10, seconds: 1 });
const isSoon = (seen: Seen, state: string) => vi.waitFor(() => expect(seen.states.at(-1)).toBe(state), WAIT);

describe.each(await availableFfmpegs())('a camera read by ffmpeg $version', (each) => {
  test('that sends garbage is stalled, and online again with its first good picture', async () => {
    const { source, seen } = await online({}, { ffmpeg: each });
    source.garble();
    await vi.waitFor(() => expect(seen.states).toContain('stalled/timed-out'), { ...WAIT, timeout: 40_000 });
    source.resume();
    await isSoon(seen, 'online/frames');
  });

  test('that changes its resolution goes on', async () => {
    const { source, seen } = await online({}, { ffmpeg: each });
    const other = join(tempFolder(), 'high.mp4');
    await source.show(await makeClip(other, { size: '320x240', rate: QUICK_FPS, seconds: 1 }));
    const before = seen.frames.length;
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(before + QUICK_FPS / 2), WAIT);
    expect(seen.states.at(-1)).toBe('online/frames');
  });

  test('gives its key frames only, where that is asked for', async () => {
    const path = await makeClip(join(tempFolder(), 'clip.mp4'), { rate: 10, seconds: 3 });
    const source = { kind: 'file', path, pace: 'fast', loop: false, keyframesOnly: true } as const;
    const seen = watchCamera({ ffmpeg: each, source });
    await seen.ended;
    expect(seen.frames.map(({ pts }) => pts)).toEqual([0, 1_000, 2_000]); // one in 10 pictures is a key frame
  });

  test('is decoded by the CPU where hardware that would be used is missing', async () => {
    const source = { kind: 'file', path: await clip(), pace: 'fast', loop: false, hardware: 'auto' } as const;
    const seen = watchCamera({ ffmpeg: each, source });
    await seen.ended;
    expect(seen.frames).toHaveLength(10);
  });

  test.each(['vaapi', 'qsv', 'v4l2m2m'] as const)(
    'says so where hardware that must be used is missing: %s',
    async (hardware) => {
      const source = { kind: 'file', path: await clip(), pace: 'fast', loop: false, hardware } as const;
      const seen = watchCamera({ ffmpeg: each, source });
      await seen.ended;
      const found = seen.frames.length === 10 ? 'frames' : seen.states.at(-1);
      expect(['frames', 'offline/no-hardware']).toContain(found);
    },
  );

  test('says that a device is not there, or is none', async () => {
    const missing = watchCamera({
      ffmpeg: each,
      source: { kind: 'v4l2', device: '/dev/video-none' },
      patience,
    });
    const other = watchCamera({ ffmpeg: each, source: { kind: 'v4l2', device: '/dev/null' }, patience });
    await isSoon(missing, 'offline/no-such-file');
    await isSoon(other, 'offline/not-video');
  });

  test('may be made up', async () => {
    const source = { kind: 'lavfi', graph: 'testsrc=size=320x180:rate=25' } as const;
    const seen = watchCamera({ ffmpeg: each, source, fps: 5 });
    await vi.waitFor(() => expect(seen.frames.at(-1)?.pts).toBeGreaterThan(500), WAIT);
    expect(seen.frames[0]).toMatchObject({ width: 320, height: 180 });
  });
});

test('a camera that shows one and the same picture is stalled, and online with the first other one', async () => {
  const clock = { now: () => Date.now() * 10 };
  const { source, seen } = await online(
    {},
    { clock, patience: { ...patience, gapMs: 8_000, frozenMs: 5_000 } },
  );
  source.freeze();
  await isSoon(seen, 'stalled/frozen-picture');
  const shown = seen.frames.length;
  // Its ffmpeg is started again, and what that one reads is still the same picture.
  await vi.waitFor(() => expect(seen.drops.frozen).toBeGreaterThan(QUICK_FPS), WAIT);
  expect(seen.frames).toHaveLength(shown);
  expect(seen.states).toEqual(['connecting/starting', 'online/frames', 'stalled/frozen-picture']);
  source.resume();
  await isSoon(seen, 'online/frames');
});

test('a camera that loses its power is offline for that reason, and comes back by itself', async () => {
  const { source, seen } = await online();
  await source.die();
  await isSoon(seen, 'offline/refused');
  await source.revive();
  await isSoon(seen, 'online/frames');
});

test.skipIf(process.platform === 'win32')('a camera whose ffmpeg is killed gets another one', async () => {
  const { seen } = await online();
  const [pid = 0] = seen.children.pids;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(seen.states).toContain('offline/ffmpeg-failed'), WAIT);
  expect(seen.logged.join('\n')).toContain('"signal":"SIGKILL"');
  await isSoon(seen, 'online/frames');
  expect(seen.children.pids).not.toContain(pid);
});

test.skipIf(process.platform === 'win32')('a camera whose ffmpeg hangs gets another one', async () => {
  const { seen } = await online();
  const [pid = 0] = seen.children.pids;
  process.kill(pid, 'SIGSTOP');
  await vi.waitFor(() => expect(seen.states).toContain('stalled/timed-out'), WAIT);
  await isSoon(seen, 'online/frames');
  await vi.waitFor(() => expect(seen.children.pids).not.toContain(pid), WAIT);
});
