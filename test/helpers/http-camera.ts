import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { runFfmpeg } from './ffmpeg.ts';
import { basicGuard, type Credentials, digestGuard, type Guard, openGuard } from './rtsp/auth.ts';

export interface HttpCameraOptions {
  /** What it shows, over and over. */
  readonly pictures: readonly Buffer[];
  /** Pictures of the stream per second. @default 10 */
  readonly fps?: number;
  /** Without them everyone is let in. */
  readonly credentials?: Credentials;
  /** @default 'digest' */
  readonly auth?: 'basic' | 'digest';
  /** Serve `https:` with this certificate and key (PEM). */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

export interface HttpCamera {
  readonly port: number;
  /** @returns the address with user and password, where there are any. */
  url(path: '/video' | '/snapshot' | '/page' | '/broken' | '/away' | '/nowhere'): string;
  /** How often a path was asked for, refused ones too. */
  asked(path: string): number;
  /** Pictures stop, and snapshots are not answered; connections stay. */
  stall(): void;
  /** One and the same picture from now on. */
  freeze(): void;
  resume(): void;
  /** Cuts every connection; new ones are taken. */
  drop(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Longer than what ffmpeg reads at once to tell the format. */
const PAGE = '<p>Log in</p>'.repeat(500);

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** JPEG pictures of ffmpeg's test source, each another. */
export async function testPictures({ count = 10, size = '320x180' } = {}): Promise<Buffer[]> {
  const source = `testsrc=size=${size}:rate=10:duration=${count / 10}`;
  const args = ['-loglevel', 'error', '-f', 'lavfi', '-i', source, '-f', 'image2pipe', '-c:v', 'mjpeg'];
  const { stdout } = await runFfmpeg([...args, 'pipe:1']);
  const starts: number[] = [];
  const marker = Buffer.from([0xff, 0xd8, 0xff]); // start of image, and of the segment after it
  for (let at = stdout.indexOf(marker); at >= 0; at = stdout.indexOf(marker, at + 1)) starts.push(at);
  return starts.map((at, i) => stdout.subarray(at, starts[i + 1]));
}

/**
 * A camera on the loopback address that speaks HTTP: `/video` is MJPEG (multipart/x-mixed-replace), `/snapshot`
 * one JPEG; `/page` is HTML, `/broken` answers 500, `/away` redirects.
 */
export async function startHttpCamera(options: HttpCameraOptions): Promise<HttpCamera> {
  const { pictures, fps = 10, credentials, auth = 'digest', tls } = options;
  const guard = guardOf(credentials, auth);
  const asked = new Map<string, number>();
  let isStalled = false;
  let frozen: Buffer | undefined;
  let shown = 0;
  const picture = (): Buffer => frozen ?? pictures[shown++ % pictures.length] ?? Buffer.alloc(0);

  const answers: Readonly<Record<string, Answer>> = {
    '/video': (response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=picture' });
      const timer = setInterval(() => {
        if (!isStalled) response.write(part(picture()));
      }, 1_000 / fps);
      response.on('close', () => clearInterval(timer));
    },
    '/snapshot': (response) => {
      if (!isStalled) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture());
    },
    '/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE),
    '/broken': (response) => response.writeHead(500).end(),
    '/away': (response) => response.writeHead(302, { location: '/snapshot' }).end(),
  };
  const listener: Answer = (response, request) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (!isAllowed(guard, request)) {
      response.writeHead(401, { 'www-authenticate': guard.challenge }).end();
      return;
    }
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end();
    else answer(response, request);
  };

  const server =
    tls === undefined
      ? createServer((request, response) => listener(response, request))
      : createTlsServer(tls, (request, response) => listener(response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const login =
    credentials === undefined
      ? ''
      : `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@`;
  let closing: Promise<void> | undefined;
  return {
    port,
    url: (path) => `${tls === undefined ? 'http' : 'https'}://${login}127.0.0.1:${port}${path}`,
    asked: (path) => asked.get(path) ?? 0,
    stall() {
      isStalled = true;
    },
    freeze() {
      frozen = pictures[0];
    },
    resume() {
      isStalled = false;
      frozen = undefined;
    },
    drop: () => server.closeAllConnections(),
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function part(picture: Buffer): Buffer {
  const head = `--picture\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]);
}

function guardOf(credentials: Credentials | undefined, auth: 'basic' | 'digest'): Guard {
  if (credentials === undefined) return openGuard;
  return auth === 'basic' ? basicGuard(credentials) : digestGuard(credentials);
}

function isAllowed(guard: Guard, { method = 'GET', url = '', headers }: IncomingMessage): boolean {
  const given = new Map(
    headers.authorization === undefined ? [] : [['authorization', headers.authorization]],
  );
  return guard.isAllowed({ method, uri: url, headers: given as ReadonlyMap<string, string> });
}
