import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { secretForms } from '../../src/core/redact.ts';
import { availableFfmpegs, bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { expectNoSecret } from '../helpers/no-secret.ts';
import { type RtspCameraOptions, startRtspCamera } from '../helpers/rtsp-camera.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const TLS = join(packageRoot, 'test/fixtures/tls');
const credentials = { user: 'viewer', password: "p@ss:w/o'rd%" };
/** ffmpeg 4 reads a number of pictures before it shows one: a quick camera keeps the tests short. */
const QUICK_FPS = 50;
const patience = { firstMs: 8_000, gapMs: 8_000, retryMs: 100, mostRetryMs: 400 };
const IMPATIENT = { ...patience, gapMs: 1_000 };
const WAIT = { timeout: 30_000, interval: 20 };

const ffmpegs = await availableFfmpegs();
const ffmpeg = await bundledFfmpeg();

async function camera(options: Partial<RtspCameraOptions> = {}) {
  const started = await startRtspCamera({ clip: CLIP, fps: QUICK_FPS, ...options });
  onTestFinished(() => started.close());
  return started;
}

const watch = (url: string, options: Partial<Parameters<typeof watchCamera>[0]> = {}) =>
  watchCamera({ ffmpeg, source: { kind: 'rtsp', url }, patience, ...options });

describe.each(ffmpegs)('a camera read by ffmpeg $version', (each) => {
  test.each(['basic', 'digest'] as const)('shows its pictures, with a password by %s', async (auth) => {
    const { urlWithCredentials } = await camera({ credentials, auth });
    const seen = watch(urlWithCredentials, { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(20), WAIT);
    expect(seen.states).toEqual(['connecting/starting', 'online/frames']);
    expect(seen.frames[0]).toMatchObject({ seq: 0, pts: 0, width: 640, height: 360 });
    const times = seen.frames.map(({ pts }) => pts);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  test('shows its pictures over TLS, unless this ffmpeg verifies certificates: then it says so', async () => {
    const tls = {
      cert: readFileSync(join(TLS, 'camera-cert.pem')),
      key: readFileSync(join(TLS, 'camera-key.pem')),
    };
    const { url } = await camera({ tls });
    const seen = watch(url, { ffmpeg: each });
    await vi.waitFor(() => expect(seen.states).toHaveLength(2), WAIT);
    // 4.1 and 5.1 verify nothing unless told to, 9.0 does.
    const expected = each.generation <= 5 ? ['online/frames'] : ['online/frames', 'offline/bad-certificate'];
    expect(expected).toContain(seen.states[1]);
  });

  test('its password is in no process list and no environment', async (context) => {
    const { urlWithCredentials } = await camera({ credentials });
    const seen = watch(urlWithCredentials, { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(0), WAIT);
    expectNoSecret(seen.children.pids, secretForms(credentials.password, credentials.user), context);
  });

  test.each([
    { name: 'a wrong password', reason: 'wrong-password', to: 'protected' },
    { name: 'a wrong path', reason: 'no-such-path', to: 'elsewhere' },
    { name: 'a closed port', reason: 'refused', to: 'closed' },
    { name: 'a server that never answers', reason: 'timed-out', to: 'mute' },
  ])('says what is wrong, without the password: $name', async ({ reason, to }) => {
    const url = await brokenAddress(to);
    const firstMs = to === 'mute' ? 500 : 8_000;
    const seen = watch(url, { ffmpeg: each, patience: { ...patience, firstMs }, secrets: ['hunter2'] });
    await vi.waitFor(() => expect(seen.logged.length).toBeGreaterThan(1), WAIT);
    expect(seen.states).toEqual(['connecting/starting', `offline/${reason}`]);
    expect(seen.logged.join('\n')).toContain(reason);
    expect(seen.logged.join('\n')).not.toContain('hunter2');
  });

  test('comes back by itself when it was cut off, with time from 0 and numbers going on', async () => {
    const source = await camera();
    const seen = watch(source.url, { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(5), WAIT);
    source.drop();
    await vi.waitFor(() => expect(seen.frames.filter(({ pts }) => pts === 0)).toHaveLength(2), WAIT);
    expect(seen.states).toEqual([
      ...['connecting/starting', 'online/frames'],
      ...['offline/stream-ended', 'online/frames'],
    ]);
    expect(seen.frames.map(({ seq }) => seq)).toEqual(seen.frames.map((_, i) => i));
  });
});

/** An address of a camera with one thing wrong. */
async function brokenAddress(what: string): Promise<string> {
  if (what === 'mute') {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await vi.waitFor(() => expect(server.listening).toBe(true), WAIT);
    return `rtsp://viewer:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  }
  const source = await camera(what === 'protected' ? { credentials } : {});
  if (what === 'closed') await source.close();
  const path = what === 'elsewhere' ? '/elsewhere' : '/live';
  return `rtsp://viewer:hunter2@127.0.0.1:${source.port}${path}`;
}

test('a camera that stalls is started again, and is online once it shows pictures', async () => {
  const source = await camera();
  const seen = watch(source.url, { patience: IMPATIENT });
  await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(5), WAIT);
  const [pid] = seen.children.pids;
  source.stall();
  await vi.waitFor(() => expect(seen.states).toContain('stalled/timed-out'), WAIT);
  source.resume();
  await vi.waitFor(() => expect(seen.states.at(-1)).toBe('online/frames'), WAIT);
  expect(seen.children.pids).not.toContain(pid);
});

test('frames that find no place are a sign of life: nothing is started again', async () => {
  const source = await camera();
  const seen = watchCamera(
    { ffmpeg, source: { kind: 'rtsp', url: source.url }, patience: { ...patience, gapMs: 3_000 }, slots: 1 },
    () => {},
  );
  await vi.waitFor(() => expect(seen.drops.busy).toBeGreaterThan(QUICK_FPS * 4), WAIT);
  expect(seen.states).toEqual(['connecting/starting', 'online/frames']);
  expect(seen.frames).toHaveLength(1);
});

test('an address that is none ends the stream at once: no retry can mend it', async () => {
  const seen = watch('http://viewer:hunter2@camera/');
  await seen.ended;
  expect(seen.error()).toMatchObject({ code: 'SOURCE_ADDRESS' });
  expect(String(seen.error())).not.toContain('hunter2');
});

test('a name is looked up for the bundled ffmpeg, and one that is unknown is unreachable', async () => {
  const { port } = await camera();
  const known = watch(`rtsp://localhost:${port}/live`);
  const unknown = watch('rtsp://camera.invalid/live');
  await vi.waitFor(() => expect(known.frames.length).toBeGreaterThan(0), WAIT);
  await vi.waitFor(() => expect(unknown.states.at(-1)).toBe('offline/unreachable'), WAIT);
});

test('leaving ends the session and the child, whatever it was doing', async () => {
  const source = await camera();
  const playing = watch(source.url);
  const connecting = watch(await brokenAddress('mute'));
  await vi.waitFor(() => expect(playing.frames.length).toBeGreaterThan(0), WAIT);
  expect(connecting.children.pids).toHaveLength(1);
  for (const { subscription } of [playing, connecting]) subscription.unsubscribe();
  await Promise.all([playing.children.closeAll(), connecting.children.closeAll()]);
  expect([...playing.children.pids, ...connecting.children.pids]).toEqual([]);
  await vi.waitFor(() => expect(source.sessions()).toBe(0), WAIT);
});
