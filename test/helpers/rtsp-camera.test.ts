import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { type FfmpegResult, runFfmpeg } from './ffmpeg.ts';
import { type RtspCameraOptions, startRtspCamera } from './rtsp-camera.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const CLIP_FRAMES = 145;
const TLS = join(packageRoot, 'test/fixtures/tls');
/** Quick play: ffmpeg looks at a stream for a while before it starts, and that while is in pictures. */
const QUICK_FPS = 100;
const CREDENTIALS = { user: 'viewer', password: "p@ss:w/ö'rd%" };
const WITHIN = { timeout: 10_000, interval: 20 };

async function camera(options: Partial<RtspCameraOptions> = {}) {
  const started = await startRtspCamera({ clip: CLIP, fps: QUICK_FPS, ...options });
  onTestFinished(() => started.close());
  return started;
}

/** Decodes with every picture kept; `-vsync 0`, since the clip still says 10 fps inside. */
function decode(url: string, frames: number, before: readonly string[] = ['-rtsp_transport', 'tcp']) {
  const after = ['-vsync', '0', '-frames:v', String(frames), '-f', 'framemd5', 'pipe:1'];
  return runFfmpeg(['-hide_banner', '-nostdin', ...before, '-i', url, ...after]);
}

/** Checksums of decoded pictures, in order. */
function pictures({ stdout }: FfmpegResult): string[] {
  const lines = stdout.toString().split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.slice(-32));
}

/** Says one request and gives the answer's head. */
async function ask(socket: Socket, request: string, headers: readonly string[] = []): Promise<string> {
  const answer = once(socket, 'data');
  socket.write([`${request} RTSP/1.0`, 'CSeq: 7', ...headers, '', ''].join('\r\n'));
  return String((await answer)[0]);
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** A client that plays and reads on. */
async function player({ port, url }: { port: number; url: string }): Promise<Socket> {
  const socket = await client(port);
  await ask(socket, `SETUP ${url}/trackID=0`, ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1']);
  await ask(socket, `PLAY ${url}`);
  return socket;
}

let original: string[];

beforeAll(async () => {
  original = pictures(await decode(CLIP, CLIP_FRAMES, []));
  expect(original).toHaveLength(CLIP_FRAMES);
});

test('ffmpeg gets each picture of the clip as it is, once, from the first on; then its session ends', async () => {
  const open = await camera();
  const seen = await decode(open.url, 40);

  expect(pictures(seen)).toEqual(original.slice(0, 40));
  await vi.waitFor(() => expect(open.sessions()).toBe(0), WITHIN);
});

test('the clip begins again for as long as someone looks', async () => {
  const open = await camera({ fps: 200 });
  const seen = pictures(await decode(open.url, CLIP_FRAMES + 20));

  expect(seen).toEqual([...original, ...original.slice(0, 20)]);
});

test('without loop the stream ends with the clip, which ffmpeg takes for a good end', async () => {
  const open = await camera({ fps: 200, loop: false });
  const seen = await decode(open.url, 1_000);

  expect(seen.exitCode).toBe(0);
  expect(pictures(seen)).toEqual(original);
});

test('a client that asks for UDP is told to use TCP, and does', async () => {
  const open = await camera();
  expect(pictures(await decode(open.url, 5, []))).toEqual(original.slice(0, 5));

  const socket = await client(open.port);
  const transport = ['Transport: RTP/AVP/UDP;unicast;client_port=5000-5001'];
  expect(await ask(socket, `SETUP ${open.url}/trackID=0`, transport)).toContain('461 Unsupported Transport');
});

test.each(['basic', 'digest'] as const)(
  '%s: the right password opens, percent-encoded; a wrong one is 401',
  async (auth) => {
    const locked = await camera({ credentials: CREDENTIALS, auth });
    const wrong = new URL(locked.urlWithCredentials);
    wrong.password = 'guess';

    expect(pictures(await decode(locked.urlWithCredentials, 5))).toEqual(original.slice(0, 5));
    for (const url of [wrong.href, locked.url]) {
      const refused = await decode(url, 5);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain('401 Unauthorized');
    }
  },
);

test('another path is 404', async () => {
  const open = await camera({ path: '/cam/main' });
  expect(open.url).toBe(`rtsp://127.0.0.1:${open.port}/cam/main`);

  expect((await decode(open.url.replace('main', 'sub'), 5)).stderr).toContain('404 Not Found');
});

test('rtsps: pictures come through TLS, with the password too', async () => {
  const cert = readFileSync(join(TLS, 'camera-cert.pem'));
  const key = readFileSync(join(TLS, 'camera-key.pem'));
  const secure = await camera({ tls: { cert, key }, credentials: CREDENTIALS });

  expect(secure.urlWithCredentials).toMatch(/^rtsps:/);
  expect(pictures(await decode(secure.urlWithCredentials, 5, []))).toEqual(original.slice(0, 5));
});

test('several clients play at once; TEARDOWN frees a session', async () => {
  const open = await camera();
  const first = await player(open);
  const second = await player(open);
  expect(open.sessions()).toBe(2);

  first.write(`TEARDOWN ${open.url} RTSP/1.0\r\nCSeq: 9\r\n\r\n`);
  await once(first, 'close');
  expect(open.sessions()).toBe(1);
  second.destroy();
  await vi.waitFor(() => expect(open.sessions()).toBe(0), WITHIN);
});

test('requests out of order, unknown or not RTSP at all are answered as a camera does', async () => {
  const open = await camera();
  const socket = await client(open.port);
  expect(await ask(socket, `OPTIONS ${open.url}`)).toContain('Public: OPTIONS, DESCRIBE, SETUP, PLAY');
  expect(await ask(socket, `PLAY ${open.url}`)).toContain('455 Method Not Valid in This State');
  expect(await ask(socket, `RECORD ${open.url}`)).toContain('405 Method Not Allowed');
  expect(await ask(socket, `GET_PARAMETER ${open.url}`)).toMatch(
    /^RTSP\/1.0 200 OK\r\nCSeq: 7\r\nSession: \w+/,
  );

  const closed = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed;
});

test('stall: no more pictures while the connection stays; resume: they begin with a key frame', async () => {
  const open = await camera();
  const socket = await player(open);
  await once(socket, 'data');
  open.stall();

  // The answer comes behind the pictures that were under way.
  let last = Buffer.alloc(0);
  socket.on('data', (piece) => {
    last = piece;
  });
  socket.write(`GET_PARAMETER ${open.url} RTSP/1.0\r\nCSeq: 8\r\n\r\n`);
  await vi.waitFor(() => expect(last.toString('latin1')).toMatch(/CSeq: 8\r\nSession: \w+\r\n\r\n$/), WITHIN);
  expect(open.sessions()).toBe(1);

  const [resumed] = await Promise.all([once(socket, 'data'), open.resume()]);
  const [packet] = resumed as [Buffer];
  // Behind 4 bytes of framing and 12 of RTP: the information or parameters that lead this clip's key frames.
  expect([6, 7]).toContain((packet[16] ?? 0) & 0x1f);
});

test('drop: every client is cut off, and may come again', async () => {
  const open = await camera();
  const clients = [await player(open), await client(open.port)];
  const cut = clients.map((socket) => once(socket, 'close'));
  open.drop();
  await Promise.all(cut);

  await player(open);
  expect(open.sessions()).toBe(1);
});

test('close cuts clients off and frees the port, once or twice', async () => {
  const open = await camera();
  const socket = await player(open);
  const cut = once(socket, 'close');
  await Promise.all([open.close(), open.close()]);
  await cut;

  await expect(client(open.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(open.sessions()).toBe(0);
});
