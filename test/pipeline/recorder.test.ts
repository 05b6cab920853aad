import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FfmpegSource } from '../../src/core/camera-source.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isoTime } from '../../src/core/iso-time.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { privacyMask } from '../../src/media/mask.ts';
import {
  type Recorder,
  type RecordingPlan,
  ringsFolder,
  startRecorder,
} from '../../src/pipeline/recorder.ts';
import { anEvent } from '../helpers/events.ts';
import { bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { startHttpCamera, testPictures } from '../helpers/http-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const WITHIN = { timeout: 25_000, interval: 50 };

/** An ffmpeg that fails when it is asked for its encoders for the first time. */
async function forgetfulFfmpeg() {
  const ffmpeg = await bundledFfmpeg();
  const folder = tempFolder();
  const path = join(folder, 'ffmpeg');
  const asked = join(folder, 'asked');
  writeFileSync(
    path,
    `#!/bin/sh
if [ "$2" = -encoders ] && [ ! -e '${asked}' ]; then : > '${asked}'; exit 1; fi
exec '${ffmpeg.path}' "$@"
`,
  );
  chmodSync(path, 0o755);
  return { ffmpeg: { ...ffmpeg, path }, wasAsked: () => existsSync(asked) };
}

function planOf(source: FfmpegSource): RecordingPlan {
  return { source, beforeMs: 500, afterMs: 0, longestMs: 10_000, ringBytes: 1e8, copyUnmasked: false };
}

/** An event that ends as it begins: its clip is written as soon as it is recorded. */
function pass(recorder: Recorder, id: string): void {
  const now = isoTime(Date.now());
  recorder.of(anEvent({ id, start: now, time: now }));
  recorder.of(anEvent({ id, type: 'end', start: now, time: now, end: now }));
}

test.skipIf(process.platform === 'win32')(
  'an ffmpeg that once does not tell its encoders costs a masked camera one clip, not all until the next start',
  async () => {
    const { ffmpeg, wasAsked } = await forgetfulFfmpeg();
    const folder = tempFolder();
    const onClip = vi.fn();
    const onWritten = vi.fn();
    const path = join(packageRoot, 'examples/media/demo.mp4');
    const recorder = startRecorder({
      camera: 'drive',
      plan: planOf({ kind: 'file', path, pace: 'real-time', loop: true }),
      folder,
      mask: privacyMask([[[0, 0], [0.2, 0], [0.2, 0.6]]]), // biome-ignore format: one line a mask
      ffmpeg,
      clock: systemClock,
      log: silentLog,
      secrets: [],
      onClip,
      onWritten,
    });
    onTestFinished(() => recorder.close());
    const recorded = () => readdirSync(join(ringsFolder(folder), 'drive')).length;
    await vi.waitFor(() => expect(recorded()).toBeGreaterThan(1), WITHIN);

    pass(recorder, 'a');
    await vi.waitFor(() => expect(onClip).toHaveBeenCalledTimes(1), WITHIN);
    expect([wasAsked(), onWritten.mock.calls.length]).toEqual([true, 0]);
    pass(recorder, 'b');
    await vi.waitFor(() => expect(onWritten).toHaveBeenCalledTimes(1), WITHIN);
    expect(readdirSync(join(folder, 'clips/drive'))).toEqual(['b.mp4']);
  },
);

test('an event of a camera whose video cannot be recorded promises no clip, and waits for no picture of one', async () => {
  const camera = await startHttpCamera({ pictures: await testPictures() });
  onTestFinished(() => camera.close());
  const told: string[] = [];
  const log: Log = { ...silentLog, warn: (_, sentence) => void told.push(sentence) };
  const recorder = startRecorder({
    camera: 'drive',
    plan: planOf({ kind: 'http', url: camera.url('/video') }),
    folder: tempFolder(),
    ffmpeg: await bundledFfmpeg(),
    clock: systemClock,
    log,
    secrets: [],
    onClip: vi.fn(),
    onWritten: vi.fn(),
  });
  onTestFinished(() => recorder.close());
  await vi.waitFor(() => expect(told).toHaveLength(1), WITHIN);
  const now = isoTime(Date.now());
  expect(recorder.of(anEvent({ start: now, time: now }))).toBeNull();
  expect(await recorder.still(Date.now())).toBeUndefined();
  expect(told).toHaveLength(1);
});

test('more than four full-size pictures at once are not waited for, and the log says so', async () => {
  const told: string[] = [];
  const path = join(packageRoot, 'examples/media/demo.mp4');
  const recorder = startRecorder({
    camera: 'drive',
    plan: planOf({ kind: 'file', path, pace: 'real-time', loop: true }),
    folder: tempFolder(),
    ffmpeg: await bundledFfmpeg(),
    clock: systemClock,
    log: { ...silentLog, debug: (_, sentence) => void told.push(sentence) },
    secrets: [],
    onClip: vi.fn(),
    onWritten: vi.fn(),
  });
  onTestFinished(() => recorder.close());
  const later = Date.now() + 60_000;
  const waiting = Array.from({ length: 4 }, () => recorder.still(later));
  expect(told).toEqual([]);
  expect(await recorder.still(later)).toBeUndefined();
  expect(told).toEqual(['an event has no full-size picture: four are under way']);
  await recorder.close();
  expect(await Promise.all(waiting)).toEqual([undefined, undefined, undefined, undefined]);
});
