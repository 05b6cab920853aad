import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FfmpegSource } from '../../src/core/camera-source.ts';
import { createChildren } from '../../src/ffmpeg/children.ts';
import type { Ffmpeg } from '../../src/ffmpeg/find.ts';
import { type ProbeOptions, probeSource } from '../../src/ffmpeg/probe.ts';
import { availableFfmpegs, makeClip, runFfmpeg } from '../helpers/ffmpegs.ts';
import { startHttpCamera, testPictures } from '../helpers/http-camera.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const ffmpegs = await availableFfmpegs();

function file(path: string): FfmpegSource {
  return { kind: 'file', path, pace: 'real-time', loop: true };
}

function probe(ffmpeg: Ffmpeg, source: FfmpegSource, more: Partial<ProbeOptions> = {}) {
  const children = createChildren();
  onTestFinished(() => children.closeAll());
  return {
    children,
    probed: probeSource({ camera: 'drive', source, ffmpeg, children, secrets: [], ...more }),
  };
}

describe.each(ffmpegs)('ffmpeg $version ($origin)', (ffmpeg) => {
  test('tells codec, size, rate and key frames of a file, and leaves no process', async () => {
    const clip = await makeClip(join(tempFolder(), 'a clip.mp4'), { size: '320x180', rate: 10, seconds: 4 });
    const { children, probed } = probe(ffmpeg, file(clip));
    expect(await probed).toMatchObject({
      codec: 'h264',
      width: 320,
      height: 180,
      fps: 10,
      keyframeSeconds: 1,
    });
    expect(children.pids).toEqual([]);
  });

  test('tells them of a camera with a password', async () => {
    const clip = await makeClip(join(tempFolder(), 'clip.mp4'), { size: '320x180', rate: 10, seconds: 4 });
    const camera = await startRtspCamera({ clip, credentials: { user: 'viewer', password: 'p@ss/w?rd' } });
    onTestFinished(() => camera.close());
    const facts = await probe(ffmpeg, { kind: 'rtsp', url: camera.urlWithCredentials }).probed;
    expect(facts).toMatchObject({ codec: 'h264', width: 320, height: 180, keyframeSeconds: 1 });
    expect(facts.fps).toBeCloseTo(10, 0);
    expect(facts.firstMs).toBeGreaterThan(0);
  });

  test('tells the rate of MJPEG over HTTP, which has no times of its own', async () => {
    const camera = await startHttpCamera({ pictures: await testPictures(), fps: 5 });
    onTestFinished(() => camera.close());
    const facts = await probe(ffmpeg, { kind: 'http', url: camera.url('/video') }).probed;
    expect(facts).toMatchObject({ codec: 'mjpeg', width: 320, height: 180 });
    expect(facts.fps).toBeCloseTo(5, 0);
  });

  test('a camera whose second key frame is long in coming still has a size', async () => {
    const clip = await makeClip(join(tempFolder(), 'clip.mp4'), { rate: 50, seconds: 2 });
    const camera = await startRtspCamera({ clip, fps: 5 });
    onTestFinished(() => camera.close());
    const { probed } = probe(ffmpeg, { kind: 'rtsp', url: camera.url }, { watchMs: 300 });
    expect(await probed).toMatchObject({ width: 320, keyframeSeconds: undefined });
  });

  test('says what is wrong with a source', async () => {
    const folder = tempFolder();
    const text = join(folder, 'notes.mp4');
    writeFileSync(text, 'this is a text');
    const sound = join(folder, 'sound.wav');
    await runFfmpeg(ffmpeg, '-f', 'lavfi', '-i', 'sine=duration=1', sound);
    const camera = await startRtspCamera({ clip: await makeClip(join(folder, 'clip.mp4')) });
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    onTestFinished(async () => {
      mute.close();
      await camera.close();
    });
    const noPath: FfmpegSource = { kind: 'rtsp', url: camera.url.replace('/live', '/nowhere') };
    const silent: FfmpegSource = {
      kind: 'rtsp',
      url: `rtsp://127.0.0.1:${(mute.address() as AddressInfo).port}/`,
    };
    const cases: [FfmpegSource, string][] = [
      [file(join(folder, 'none.mp4')), 'no-such-file'],
      [file(text), 'not-video'],
      [file(sound), 'not-video'],
      [noPath, 'no-such-path'],
      [silent, 'timed-out'],
    ];
    for (const [source, reason] of cases) {
      const patience = source === silent ? { firstMs: 1_000 } : {};
      const failed = await probe(ffmpeg, source, patience).probed.catch((error: unknown) => error);
      expect(failed, JSON.stringify(source)).toMatchObject({ code: 'SOURCE_ENDED', facts: { reason } });
    }
  });
});
