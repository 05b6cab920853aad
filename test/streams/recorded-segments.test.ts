import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FfmpegSource } from '../../src/core/camera-source.ts';
import { monotonic } from '../../src/core/clock.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import type { Segment } from '../../src/core/segment.ts';
import { recordedSegments } from '../../src/streams/recorded-segments.ts';
import { availableFfmpegs, bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { startHttpCamera, testPictures } from '../helpers/http-camera.ts';
import { processesBelow } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { testChildren } from '../helpers/segments.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 25_000, interval: 50 };
const ffmpegs = await availableFfmpegs();

/** Records until the test ends. */
function record(source: FfmpegSource, ffmpeg: (typeof ffmpegs)[number], folder = join(tempFolder(), 'ring')) {
  const segments: Segment[] = [];
  const told: string[] = [];
  const write = (_: object, sentence: string) => void told.push(sentence);
  const children = testChildren();
  const clock = monotonic();
  const log = { debug() {}, info: write, warn: write, error: write };
  const recording = recordedSegments({
    camera: 'drive',
    source,
    folder,
    ffmpeg,
    children,
    clock,
    log,
    secrets: ['s3cret'],
  }).subscribe({ next: (segment) => void segments.push(segment), error: () => {} });
  onTestFinished(() => recording.unsubscribe());
  return { segments, told, folder, children, recording };
}

async function camera() {
  const credentials = { user: 'viewer', password: 's3cret' };
  const started = await startRtspCamera({ clip: CLIP, credentials });
  onTestFinished(() => started.close());
  return started;
}

test.each(ffmpegs)(
  'ffmpeg $generation records a camera without gaps, for nobody else to see, its password in no process list',
  async (ffmpeg) => {
    const { urlWithCredentials: url } = await camera();
    const { segments, folder, told } = record({ kind: 'rtsp', url }, ffmpeg);
    await vi.waitFor(() => expect(segments.length).toBeGreaterThan(3), WITHIN);
    for (const { commandLine, environment } of processesBelow() ?? [])
      expect([...commandLine, ...environment].join(' ')).not.toContain('s3cret');

    const [, second, third, fourth] = segments;
    expect(Math.abs((third?.start ?? 0) - (second?.end ?? 0))).toBeLessThan(200);
    expect(Math.abs((fourth?.start ?? 0) - (third?.end ?? 0))).toBeLessThan(200);
    expect(Math.abs(Date.now() - (segments.at(-1)?.end ?? 0))).toBeLessThan(3_000);
    for (const { path, bytes } of segments) expect(statSync(path).size).toBe(bytes);
    if (process.platform !== 'win32') {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const { path } of segments) expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(told).toEqual([]);
  },
);

test('a camera that goes away is recorded again when it is back; it is said once', async () => {
  const away = await camera();
  const { segments, told } = record({ kind: 'rtsp', url: away.urlWithCredentials }, await bundledFfmpeg());
  await vi.waitFor(() => expect(segments.length).toBeGreaterThan(0), WITHIN);
  await away.die();
  await vi.waitFor(() => expect(told).toHaveLength(1), WITHIN);
  expect(told[0]).toContain('drive: expected video to record, got ');
  const before = segments.length;
  await away.revive();
  await vi.waitFor(() => expect(segments.length).toBeGreaterThan(before), WITHIN);
  expect(told).toHaveLength(1);
});

test('what a camera that goes away leaves half written does not stay on the disk for ever', async () => {
  const away = await camera();
  const url = away.urlWithCredentials;
  const { segments, told, folder } = record({ kind: 'rtsp', url }, await bundledFfmpeg());
  const names = () => segments.map(({ path }) => basename(path));
  await vi.waitFor(() => expect(segments.length).toBeGreaterThan(0), WITHIN);
  await vi.waitFor(() => expect(readdirSync(folder).length).toBeGreaterThan(segments.length), WITHIN);
  await away.die();
  await vi.waitFor(() => expect(told).toHaveLength(1), WITHIN);
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual(names()), WITHIN);
});

test.each(ffmpegs)(
  'a camera whose video cannot be recorded with ffmpeg $generation is told of once, by its codec, and fills no disk',
  async (ffmpeg) => {
    const mjpeg = await startHttpCamera({ pictures: await testPictures() });
    onTestFinished(() => mjpeg.close());
    const { told, folder, children, segments, recording } = record(
      { kind: 'http', url: mjpeg.url('/video') },
      ffmpeg,
    );
    await vi.waitFor(() => expect(recording.closed).toBe(true), WITHIN);
    expect(told).toEqual([
      'drive: expected video that can be recorded (H.264, H.265), got mjpeg (SOURCE_CODEC)',
    ]);
    await vi.waitFor(() => expect([children.pids, readdirSync(folder)]).toEqual([[], []]), WITHIN);
    expect(segments).toEqual([]);
  },
);

test('a recording that is left leaves no ffmpeg', async () => {
  const { urlWithCredentials: url } = await camera();
  const { children, folder } = record({ kind: 'rtsp', url }, await bundledFfmpeg());
  await vi.waitFor(() => expect(readdirSync(folder)).not.toEqual([]), WITHIN);
  await children.closeAll();
  expect(children.pids).toEqual([]);
});
