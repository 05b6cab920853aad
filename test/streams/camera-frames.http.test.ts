import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { secretForms } from '../../src/core/redact.ts';
import { availableFfmpegs, bundledFfmpeg } from '../helpers/ffmpegs.ts';
import { type HttpCameraOptions, startHttpCamera, testPictures } from '../helpers/http-camera.ts';
import { expectNoSecret } from '../helpers/no-secret.ts';
import { watchCamera } from '../helpers/watched-camera.ts';

const TLS = join(packageRoot, 'test/fixtures/tls');
const credentials = { user: 'viewer', password: "p@ss:w/o'rd%" };
const patience = { firstMs: 8_000, gapMs: 8_000, retryMs: 100, mostRetryMs: 400 };
const WAIT = { timeout: 30_000, interval: 20 };

const tls = {
  cert: readFileSync(join(TLS, 'camera-cert.pem')),
  key: readFileSync(join(TLS, 'camera-key.pem')),
};
const pictures = await testPictures();
const ffmpegs = await availableFfmpegs();
const ffmpeg = await bundledFfmpeg();

async function camera(options: Partial<HttpCameraOptions> = {}) {
  const started = await startHttpCamera({ pictures, fps: 25, ...options });
  onTestFinished(() => started.close());
  return started;
}

type Options = Partial<Parameters<typeof watchCamera>[0]>;
const stream = (url: string, options: Options = {}) =>
  watchCamera({ ffmpeg, source: { kind: 'http', url }, patience, ...options });
const poll = (url: string, options: Options = {}) =>
  watchCamera({ ffmpeg, source: { kind: 'poll', url, intervalMs: 50 }, patience, ...options });

describe.each(ffmpegs)('an MJPEG camera read by ffmpeg $version', (each) => {
  test.each(['basic', 'digest'] as const)('shows its pictures, with a password by %s', async (auth) => {
    const { url } = await camera({ credentials, auth });
    const seen = stream(url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(10), WAIT);
    expect(seen.states).toEqual(['connecting/starting', 'online/frames']);
    expect(seen.frames[0]).toMatchObject({ seq: 0, pts: 0, width: 320, height: 180 });
  });

  test('has the times at which its pictures come: it sends none of its own', async () => {
    const { url } = await camera({ fps: 10 });
    const seen = stream(url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(24), WAIT);
    const [, second, ...rest] = seen.frames.map(({ pts }) => pts);
    const periods = rest.map((pts, i) => (pts - (second ?? 0)) / (i + 1));
    expect(periods.at(-1)).toBeGreaterThan(75);
    expect(periods.at(-1)).toBeLessThan(200); // a busy machine's camera is late; made-up times of 25 a second are 40
  });

  test('is thinned to the rate asked for', async () => {
    const { url } = await camera({ fps: 20 });
    const seen = stream(url('/video'), { ffmpeg: each, fps: 5 });
    await vi.waitFor(() => expect(seen.frames.at(-1)?.pts).toBeGreaterThan(2_400), WAIT);
    const most = (seen.frames.at(-1)?.pts ?? 0) / 200 + 2;
    expect(seen.frames.length).toBeGreaterThan(4);
    expect(seen.frames.length).toBeLessThanOrEqual(most);
  });

  test('shows its pictures over TLS, unless this ffmpeg verifies certificates: then it says so', async () => {
    const { url } = await camera({ tls });
    const seen = stream(url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(seen.states).toHaveLength(2), WAIT);
    // 4.1 and 5.1 verify nothing unless told to, 9.0 does.
    const expected = each.generation <= 5 ? ['online/frames'] : ['online/frames', 'offline/bad-certificate'];
    expect(expected).toContain(seen.states[1]);
  });

  test('its password is in no process list and no environment', async (context) => {
    const { url } = await camera({ credentials });
    const seen = stream(url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(0), WAIT);
    expectNoSecret(seen.children.pids, secretForms(credentials.password, credentials.user), context);
  });

  test.each([
    { name: 'a wrong path', path: '/nowhere', reason: 'no-such-path' },
    { name: 'an error of the camera', path: '/broken', reason: 'server-error' },
    { name: 'a page instead of a stream', path: '/page', reason: 'not-video' },
  ] as const)('says what is wrong, without the password: $name', async ({ path, reason }) => {
    const { url } = await camera({ credentials });
    const seen = stream(url(path), { ffmpeg: each, secrets: secretForms(credentials.password) });
    await vi.waitFor(() => expect(seen.logged.length).toBeGreaterThan(1), WAIT);
    expect(seen.states).toEqual(['connecting/starting', `offline/${reason}`]);
    expect(seen.logged.join('\n')).not.toContain(encodeURIComponent(credentials.password));
  });

  test('says that the password is wrong, and that the port is closed', async () => {
    const source = await camera({ credentials });
    const wrong = stream(source.url('/video').replace('viewer', 'other'), { ffmpeg: each });
    await vi.waitFor(() => expect(wrong.states.at(-1)).toBe('offline/wrong-password'), WAIT);
    await source.close();
    const closed = stream(source.url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(closed.states.at(-1)).toBe('offline/refused'), WAIT);
  });

  test('comes back by itself when it was cut off', async () => {
    const source = await camera();
    const seen = stream(source.url('/video'), { ffmpeg: each });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(3), WAIT);
    source.drop();
    await vi.waitFor(() => expect(seen.frames.filter(({ pts }) => pts === 0)).toHaveLength(2), WAIT);
    expect(seen.states.slice(0, 2)).toEqual(['connecting/starting', 'online/frames']);
    expect(seen.states.at(-1)).toBe('online/frames');
  });
});

test('an MJPEG camera that stalls is started again', async () => {
  const source = await camera();
  const seen = stream(source.url('/video'), { patience: { ...patience, gapMs: 1_000 } });
  await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(3), WAIT);
  source.stall();
  await vi.waitFor(() => expect(seen.states).toContain('stalled/timed-out'), WAIT);
  source.resume();
  await vi.waitFor(() => expect(seen.states.at(-1)).toBe('online/frames'), WAIT);
});

test('an address of single pictures, read as a stream, says what to set', async () => {
  const { url } = await camera();
  const seen = stream(url('/snapshot'));
  await vi.waitFor(() => expect(seen.states).toContain('offline/stream-ended'), WAIT);
  expect(seen.logged.join('\n')).toContain('mode: poll');
});

describe('snapshots', () => {
  test.each(['basic', 'digest'] as const)(
    'are asked for one after the other, with a password by %s',
    async (auth) => {
      const source = await camera({ credentials, auth });
      const seen = poll(source.url('/snapshot'));
      await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(5), WAIT);
      seen.subscription.unsubscribe();
      expect(seen.states).toEqual(['connecting/starting', 'online/frames', 'offline/stopped']);
      expect(seen.frames[0]).toMatchObject({ seq: 0, pts: 0, width: 320, height: 180 });
      const times = seen.frames.map(({ pts }) => pts);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      // Once without an answer to the challenge, then always with one.
      expect(source.asked('/snapshot')).toBeLessThanOrEqual(seen.frames.length + 2);
      expect(seen.children.pids).toEqual([]);
    },
  );

  test('are scaled to the size that is looked at', async () => {
    const { url } = await camera();
    const seen = poll(url('/snapshot'), { maxWidth: 160 });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(0), WAIT);
    expect(seen.frames[0]).toMatchObject({ width: 160, height: 90 });
  });

  test('that find no place are dropped and counted', async () => {
    const { url } = await camera();
    const source = { kind: 'poll', url: url('/snapshot'), intervalMs: 20 } as const;
    const seen = watchCamera({ ffmpeg, source, slots: 1 }, () => {});
    await vi.waitFor(() => expect(seen.drops.busy).toBeGreaterThan(3), WAIT);
    expect(seen.frames).toHaveLength(1);
  });

  test.each([
    { name: 'a wrong path', path: '/nowhere', reason: 'no-such-path' },
    { name: 'an error of the camera', path: '/broken', reason: 'server-error' },
    { name: 'a page instead of a picture', path: '/page', reason: 'not-video' },
    { name: 'a redirection, which could lead the password elsewhere', path: '/away', reason: 'no-such-path' },
  ] as const)(
    'that do not come are told by reason, without the password: $name',
    async ({ path, reason }) => {
      const { url } = await camera({ credentials });
      const seen = poll(url(path));
      await vi.waitFor(() => expect(seen.states.at(-1)).toBe(`offline/${reason}`), WAIT);
      expect(seen.logged.join('\n')).not.toContain(encodeURIComponent(credentials.password));
    },
  );

  test('that are too large are told as that, and not as a line that was cut', async () => {
    const { url } = await camera({ pictures: [Buffer.alloc(33 * 2 ** 20)] });
    const seen = poll(url('/snapshot'));
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('offline/not-video'), WAIT);
    expect(seen.logged.join('\n')).toContain('expected a picture of at most 32 MiB, got more');
  });

  test('with a wrong password say so, and so does a name that nobody knows', async () => {
    const source = await camera({ credentials });
    const wrong = poll(source.url('/snapshot').replace('viewer', 'other'));
    await vi.waitFor(() => expect(wrong.states.at(-1)).toBe('offline/wrong-password'), WAIT);
    const unknown = poll('http://camera.invalid/snapshot');
    await vi.waitFor(() => expect(unknown.states.at(-1)).toBe('offline/unreachable'), WAIT);
  });

  test('over TLS with a certificate of the camera itself are refused: nobody vouches for it', async () => {
    const { url } = await camera({ tls });
    const seen = poll(url('/snapshot'));
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('offline/bad-certificate'), WAIT);
  });

  test('come back by themselves when the camera was away', async () => {
    const source = await camera();
    const seen = poll(source.url('/snapshot'), { patience: { ...patience, firstMs: 500, gapMs: 500 } });
    await vi.waitFor(() => expect(seen.frames.length).toBeGreaterThan(0), WAIT);
    source.stall();
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('stalled/timed-out'), WAIT);
    source.resume();
    await vi.waitFor(() => expect(seen.states.at(-1)).toBe('online/frames'), WAIT);
    expect(seen.frames.map(({ seq }) => seq)).toEqual(seen.frames.map((_, i) => i));
  });
});
