import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { availableFfmpegs } from '../helpers/ffmpegs.ts';
import { type GstreamerCamera, gstreamerPython, startGstreamerCamera } from '../helpers/gstreamer-camera.ts';
import { skipFor } from '../helpers/installed.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const CREDENTIALS = { user: 'viewer', password: "p@ss:w/ö'rd%" };
const WITHIN = { timeout: 20_000, interval: 50 };
const patience = { retryMs: 200, mostRetryMs: 400 };
const python = gstreamerPython();

let camera: GstreamerCamera;
beforeEach(async (context) => {
  if (python === undefined) skipFor(context, 'gst-rtsp-server, or its Python binding, is not installed');
  camera = await startGstreamerCamera(python, { clip: CLIP, credentials: CREDENTIALS });
  onTestFinished(() => camera.kill());
});

function address({ password = CREDENTIALS.password, path = '/live' } = {}): string {
  const url = new URL(camera.url);
  url.username = CREDENTIALS.user;
  url.password = encodeURIComponent(password);
  url.pathname = path;
  return url.href;
}

describe.each(await availableFfmpegs())('a camera that is not ours, by ffmpeg $version', (ffmpeg) => {
  const watch = (url: string) => watchCamera({ ffmpeg, source: { kind: 'rtsp', url }, patience });

  test('shows its pictures to whoever has the password, is offline when it dies, and says why', async () => {
    const { frames, states } = watch(address());
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(20), WITHIN);
    for (const [i, frame] of frames.entries()) {
      expect(frame).toMatchObject({ seq: i, width: 640, height: 360 });
      if (i > 0) expect(frame.pts).toBeGreaterThan(frames[i - 1]?.pts ?? Number.NaN);
    }
    expect(states).toEqual(['connecting/starting', 'online/frames']);
    await camera.kill();
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline/refused'), WITHIN);
  });

  test('shows nothing without the password, and that is the reason told', async () => {
    const { frames, states } = watch(address({ password: 'guess' }));
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline/wrong-password'), WITHIN);
    expect(frames).toEqual([]);
  });

  test('says that it has no such path', async () => {
    const { states } = watch(address({ path: '/nowhere' }));
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline/no-such-path'), WITHIN);
  });
});
