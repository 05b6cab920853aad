import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { shapeEditor } from '../../src/daemon/shape-editor.ts';
import { hashPassword } from '../../src/web/password.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { type OpenPage, openPage } from './open-page.ts';

/** CI has the default; 100,000 take some minutes: `FUZZ=100000 npx vitest run test/web/fuzz.test.ts`. */
const RUNS = Number(process.env['FUZZ'] ?? 5_000);
/** Longer than any answer may take on a busy machine. */
const HANG_MS = 10_000;

vi.setConfig({ testTimeout: 60_000 + RUNS * 30 });

const ROUTES = [
  '/',
  '/events',
  '/health',
  '/assets/',
  '/api/session',
  '/api/gateway',
  '/api/events',
  '/api/live',
  '/api/shapes/drive',
  '/api/shapes/drive/trial',
];
const SPECIAL = [
  '..',
  '%2e%2e',
  '%2f',
  '%00',
  '%',
  '%zz',
  '\\',
  '//',
  '.',
  '~',
  ';',
  '%ff%fe',
  'a'.repeat(300),
  '__proto__',
];
const KEYS = ['camera', 'label', 'zone', 'since', 'until', 'before', 'limit', '__proto__', 'constructor', ''];
const VALUES = [
  '',
  '0',
  '-1',
  '1e9',
  'NaN',
  '2026-11-24T08:00Z',
  '2026-99-99T99:99Z',
  '~',
  'drive',
  '%',
  '\u0000',
  "'",
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'];

const text = fc.string({ maxLength: 60, unit: 'binary' }).map((all) => all.replaceAll(/[\r\n\0]/g, ''));
const piece = fc.oneof(
  fc.constantFrom(...SPECIAL),
  fc.constantFrom('images', 'clips', 'drive', 'a-0.jpg'),
  text.map(encoded),
);
const path = fc.oneof(
  fc.constantFrom(...ROUTES),
  fc
    .tuple(fc.constantFrom(...ROUTES, '/api/images/', '/api/clips/'), fc.array(piece, { maxLength: 3 }))
    .map(([route, pieces]) => route + pieces.join('/')),
);
const query = fc.array(
  fc
    .tuple(fc.constantFrom(...KEYS), fc.oneof(fc.constantFrom(...VALUES), text))
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`),
  { maxLength: 4 },
);
const shapes = fc.record(
  {
    zones: fc.object(),
    lines: fc.object(),
    masks: fc.dictionary(fc.constantFrom('object', 'motion', 'privacy', 'other'), fc.array(fc.anything())),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.constant(''),
  fc.json(),
  fc
    .record({ user: fc.anything(), password: fc.anything() }, { requiredKeys: [] })
    .map((value) => jsonOf(value)),
  text,
  shapes.map(jsonOf),
  fc.record({ shapes, version: fc.constantFrom('0'.repeat(64), '') }).map(jsonOf),
  fc.constant('x'.repeat(20_000)),
);
/** Stands for the page's own address, which lets more through than any other. */
const OWN = 'own';
const headers = fc.record(
  {
    origin: fc.oneof(
      { weight: 3, arbitrary: fc.constant(OWN) },
      fc.constantFrom('http://127.0.0.1', 'null', 'http://['),
      text.map(encoded),
    ),
    cookie: fc.oneof(fc.constantFrom('falconet=', 'falconet=x; falconet=y', ';;;='), text.map(encoded)),
    range: fc.constantFrom('bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=a-b', 'lines=1', 'bytes=0-0,2-3,'),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json',
      'text/plain',
      'multipart/form-data',
      '',
    ),
    'accept-encoding': fc.constantFrom('br', 'gzip', '*', 'br;q=NaN'),
    'if-none-match': fc.constantFrom('*', '"', 'W/""'),
    upgrade: fc.constantFrom('websocket', 'h2c', ...Array<string>(8).fill('')),
  },
  { requiredKeys: [] },
);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{'; // a BigInt
  }
}

/** The status of the answer; 0 where the connection was closed without one, as for a request that is none. */
function statusOf(url: string, sent: Sent): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const search = sent.query.length === 0 ? '' : `?${sent.query.join('&')}`;
    const { upgrade = '', ...headers } = sent.headers;
    const hasBody = sent.method !== 'GET' && sent.method !== 'HEAD';
    const asked = request({
      ...{ hostname, port, method: sent.method, path: sent.path + search, agent: false, timeout: HANG_MS },
      headers: { ...headers, ...(upgrade !== '' && { upgrade, connection: 'upgrade' }) },
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('close', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('timeout', () => {
      reject(new Error('expected an answer'));
      asked.destroy();
    });
    asked.on('error', () => resolve(0));
    asked.end(hasBody ? sent.body : undefined);
  });
}

async function filled(changes = {}): Promise<OpenPage> {
  const path = join(tempFolder(), 'falconet.yaml');
  writeFileSync(path, 'cameras: { drive: { source: demo } }');
  const editor = shapeEditor({ path, reload: async () => {} });
  const page = await openPage({ clipsFolder: tempFolder(), editor, ...changes });
  page.feed.push({ event: anEvent({ image: anImage() }), image: new Uint8Array([0xff, 0xd8]) });
  return page;
}

test.each([
  { name: 'who need not log in', changes: async () => ({}) },
  {
    name: 'who has not logged in',
    changes: async () => ({
      users: {
        anna: { passwordHash: await hashPassword('x', { log2N: 4, r: 8, p: 1 }), role: 'admin' as const },
      },
    }),
  },
])(`whatever is asked by one $name, the server answers, and never by its own fault`, async ({ changes }) => {
  const { dashboard, url } = await filled(await changes());
  const anything = fc.record({ method: fc.constantFrom(...METHODS), path, query, headers, body });
  await fc.assert(
    fc.asyncProperty(anything, async (sent) => {
      const { origin } = sent.headers;
      const own = origin === OWN && { origin: dashboard.url.slice(0, -1) };
      const status = await statusOf(dashboard.url, { ...sent, headers: { ...sent.headers, ...own } });
      expect(status).not.toBe(500);
      expect(status).toBeLessThan(600);
    }),
    { numRuns: RUNS / 2 },
  );
  expect((await fetch(url('/api/session'))).status).toBe(200);
});

test('whatever a page sends over its connection, others go on hearing', async () => {
  const page = await filled();
  const origin = page.dashboard.url.slice(0, -1);
  const address = page.url('/api/live').replace('http', 'ws');
  const message = fc.oneof(
    fc.json(),
    text,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(fc.record({ camera: fc.string(), video: fc.boolean() }))
      .map((watch) => JSON.stringify({ watch })),
    fc.constant('x'.repeat(10_000)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
      const socket = new WebSocket(address, { origin });
      const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      socket.on('error', () => {});
      socket.on('open', () => {
        for (const one of messages) socket.send(one);
        socket.close();
      });
      await closed;
    }),
    { numRuns: Math.ceil(RUNS / 20) },
  );
  await vi.waitFor(() => expect([page.dashboard.viewers, page.live.watchers()]).toEqual([0, 0]), {
    timeout: 5_000,
  });
});
