import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { VideoPiece } from '../../src/core/live.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { findFfmpeg } from '../../src/ffmpeg/find.ts';
import { type LiveVideoOptions, liveVideo } from '../../src/pipeline/live-video.ts';
import { freePort } from '../helpers/free-port.ts';
import { processesBelow } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

async function aCamera(options: Partial<LiveVideoOptions> = {}) {
  const camera = await startRtspCamera({ clip: join(packageRoot, 'examples/media/demo.mp4') });
  const video = liveVideo({ clock: systemClock, log: silentLog, secrets: [], ...options });
  onTestFinished(async () => {
    await video.close();
    await camera.close();
  });
  const ffmpeg = await findFfmpeg({ log: silentLog });
  video.use(new Map([['drive', { kind: 'rtsp', url: camera.url }]]), ffmpeg);
  return { camera, video, ffmpeg };
}

/** The first pieces that a viewer gets. */
function first(
  video: ReturnType<typeof liveVideo>,
  count: number,
): Promise<VideoPiece[]> & { stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<VideoPiece[]>();
  const pieces: VideoPiece[] = [];
  const stop = video.video('drive', (piece) => {
    pieces.push(piece);
    if (pieces.length === count) resolve(pieces);
  });
  return Object.assign(promise, { stop });
}

function sessions(camera: Awaited<ReturnType<typeof startRtspCamera>>, count: number): Promise<void> {
  return vi.waitFor(() => expect(camera.sessions()).toBe(count), { timeout: 10_000 });
}

test('a camera is asked for its video once, while somebody watches, whoever many do', async () => {
  const { camera, video } = await aCamera();
  const viewers = [first(video, 5), first(video, 5)];
  for (const [start, key] of await Promise.all(viewers)) {
    expect(start).toMatchObject({ kind: 'start', mime: expect.stringMatching(/^video\/mp4; codecs="avc1/) });
    expect(key).toMatchObject({ kind: 'piece', isKey: true });
  }
  expect(camera.sessions()).toBe(1);
  const late = first(video, 2);
  expect((await late).slice(0, 2)).toMatchObject([{ kind: 'start' }, { kind: 'piece', isKey: true }]);
  for (const viewer of viewers) viewer.stop();
  expect(camera.sessions()).toBe(1);
  late.stop();
  await sessions(camera, 0);
});

test('a camera whose video may not be copied says so', async () => {
  const { video, ffmpeg, camera } = await aCamera();
  const watching = first(video, 2);
  await watching;
  const told = Promise.withResolvers<VideoPiece>();
  video.video('drive', (piece) => {
    if (piece.kind === 'none') told.resolve(piece);
  });
  video.use(new Map(), ffmpeg); // a mask was drawn
  await told.promise;
  await sessions(camera, 0);
  expect(await first(video, 1)).toEqual([{ kind: 'none' }]);
});

/** A camera that takes no connection for its video. */
async function refusing(options: Partial<LiveVideoOptions> = {}) {
  const warned: object[] = [];
  const log: Log = { ...silentLog, warn: (facts) => void warned.push(facts) };
  const video = liveVideo({ clock: systemClock, log, secrets: [], ...options });
  onTestFinished(() => video.close());
  const url = `rtsp://127.0.0.1:${await freePort()}/main`;
  video.use(new Map([['drive', { kind: 'rtsp', url }]]), await findFfmpeg({ log: silentLog }));
  return { video, warned };
}

test('who watches a camera that takes no further connection is told so at once; the log says it once', async () => {
  const { video, warned } = await refusing();
  for (const _ of ['as it is opened', 'by the next who looks']) {
    const began = performance.now();
    expect(await first(video, 1)).toEqual([{ kind: 'none' }]);
    expect(performance.now() - began).toBeLessThan(5_000);
  }
  const hint = expect.stringContaining('one more connection');
  expect(warned).toMatchObject([{ camera: 'drive', reason: 'refused', hint }]);
  expect(processesBelow()?.filter(({ commandLine }) => commandLine.join(' ').includes('ffmpeg'))).toEqual([]);
});

test('who watches a camera that goes away is told so when it has not come back for a while', async () => {
  const { camera, video } = await aCamera();
  const seen: VideoPiece['kind'][] = [];
  video.video('drive', ({ kind }) => void seen.push(kind));
  await vi.waitFor(() => expect(seen).toContain('piece'), { timeout: 15_000 });
  await camera.die();
  expect(seen).not.toContain('none');
  await vi.waitFor(() => expect(seen.at(-1)).toBe('none'), { timeout: 30_000 });
});

/** Waits until a viewer's video has begun so often. */
function starts(video: ReturnType<typeof liveVideo>): (count: number) => Promise<void> {
  const seen: VideoPiece[] = [];
  video.video('drive', (piece) => {
    if (piece.kind === 'start') seen.push(piece);
  });
  return (count) => vi.waitFor(() => expect(seen).toHaveLength(count), { timeout: 15_000, interval: 50 });
}

test('who watches a camera goes on watching when another ffmpeg is to be used', async () => {
  const { camera, video, ffmpeg } = await aCamera();
  const started = starts(video);
  await started(1);
  const path = join(tempFolder(), 'ffmpeg');
  symlinkSync(ffmpeg.path, path);
  video.use(new Map([['drive', { kind: 'rtsp', url: camera.url }]]), { ...ffmpeg, path });
  await started(2);
  await sessions(camera, 1);
});

test('who watches a camera that falls silent, its connection open, sees it again once it speaks', async () => {
  const { camera, video } = await aCamera({ silentMs: 4_000 });
  const started = starts(video);
  await started(1);
  camera.stall();
  await sessions(camera, 0);
  camera.resume();
  await started(2);
});
