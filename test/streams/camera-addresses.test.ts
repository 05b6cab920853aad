import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { cameraSource } from '../../src/config/source.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { availableFfmpegs, bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { startHttpCamera } from '../helpers/http-camera.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const bundled = await bundledFfmpeg();
const WAIT = { timeout: 30_000, interval: 20 };
const patience = { retryMs: 100, mostRetryMs: 400 };
const credentials = { user: 'viewer', password: "p'ss w%rd ö@/:" };

/** What a user writes, and the path that the camera is asked for. */
const PATHS = [
  { name: 'quotes', written: `/o'clock`, asked: `/o'clock` },
  { name: 'a blank', written: '/front door', asked: '/front%20door' },
  { name: 'an escape', written: '/front%20door', asked: '/front%20door' },
  { name: 'a percent sign as an escape', written: '/100%25', asked: '/100%25' },
  { name: 'a lone percent sign', written: '/100%', asked: '/100%' },
  { name: 'other letters', written: '/tür/門', asked: '/t%C3%BCr/%E9%96%80' },
] as const;

const FILES = [
  `o'clock.mp4`,
  'front "door".mp4',
  '100%25.mp4',
  '100%.mp4',
  'tür 門.mp4',
  '12:00;a|b.mp4',
  '-i.mp4',
];

const sourceOf = (source: string, mode: 'normal' | 'poll' = 'normal') => {
  const { user: username, password } = credentials;
  const found = cameraSource({ source, mode, loop: false, username, password }, '/');
  if (typeof found === 'string') throw new TypeError(found);
  return found;
};

describe.each(await availableFfmpegs())('an address read by ffmpeg $version', (ffmpeg) => {
  test('reaches an RTSP camera as it was written', async () => {
    const waiting = PATHS.map(async ({ name, written, asked }) => {
      const camera = await startRtspCamera({ clip: CLIP, path: asked, fps: 50, credentials });
      onTestFinished(() => camera.close());
      const source = sourceOf(`rtsp://127.0.0.1:${camera.port}${written}`);
      const seen = watchCamera({ ffmpeg, source, patience });
      await vi.waitFor(() => expect(seen.frames.length, name).toBeGreaterThan(0), WAIT);
    });
    await Promise.all(waiting);
  });

  test('reaches an HTTP camera as it was written', async () => {
    const camera = await startHttpCamera({ pictures: [], credentials });
    onTestFinished(() => camera.close());
    for (const { written } of PATHS) {
      watchCamera({ ffmpeg, source: sourceOf(`http://127.0.0.1:${camera.port}${written}`), patience });
    }
    // Newer ffmpegs mend a lone percent sign on the way.
    const times = (path: string): number => camera.asked(path) + camera.asked(path.replace(/%$/, '%25'));
    await vi.waitFor(() => {
      expect(PATHS.filter(({ asked }) => times(asked) < 2)).toEqual([]);
    }, WAIT);
  });

  test.skipIf(process.platform === 'win32')('may be a file of any name', async () => {
    const folder = tempFolder();
    const waiting = FILES.map(async (name) => {
      const path = join(folder, name);
      copyFileSync(CLIP, path);
      const source = { kind: 'file', path, pace: 'fast', loop: false, keyframesOnly: true } as const;
      const seen = watchCamera({ ffmpeg, source });
      await seen.ended;
      expect(seen.error(), name).toBeUndefined();
      expect(seen.frames.length, name).toBeGreaterThan(0);
    });
    await Promise.all(waiting);
  });
});

test.each(PATHS)('an address of snapshots reaches the camera as it was written: $name', async (path) => {
  const camera = await startHttpCamera({ pictures: [], credentials });
  onTestFinished(() => camera.close());
  const source = sourceOf(`http://127.0.0.1:${camera.port}${path.written}`, 'poll');
  const seen = watchCamera({ ffmpeg: bundled, source, patience });
  // 404, and not 401: the camera took the password too.
  await vi.waitFor(() => expect(seen.states.at(-1)).toBe('offline/no-such-path'), WAIT);
  expect(camera.asked(path.asked)).toBeGreaterThan(1);
});
