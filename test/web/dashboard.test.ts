import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { hashPassword } from '../../src/web/password.ts';
import { SESSION_MS } from '../../src/web/sessions.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { openPage } from './open-page.ts';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

/** An answer's status, for a request with headers that fetch does not let anybody set. */
function statusOf(url: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('nothing on the page may come from elsewhere, whatever is asked for', async () => {
  const { url } = await openPage();
  for (const path of ['/', '/api/events', '/nowhere', '/api/images/drive/none.jpg']) {
    const { headers } = await fetch(url(path));
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'; script-src 'self'");
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});

test.each([
  { name: 'no other site', frameAncestors: undefined, said: "frame-ancestors 'self'" },
  {
    name: 'Node-RED beside it, where that is named,',
    frameAncestors: ['http://127.0.0.1:1880'],
    said: "frame-ancestors 'self' http://127.0.0.1:1880",
  },
])('$name may show the page in a frame', async ({ frameAncestors, said }) => {
  const { url } = await openPage({ frameAncestors });
  const { headers } = await fetch(url('/'));
  expect(headers.get('content-security-policy')?.split('; ').at(-1)).toBe(said);
});

test('a page that is not built says how it is built', async () => {
  const { url } = await openPage();
  const answer = await fetch(url('/'));
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run page')]);
});

describe('events', () => {
  const at = (minute: number, changes = {}) =>
    anEvent({
      id: `drive-${minute}`,
      start: `2026-11-24T08:${String(minute).padStart(2, '0')}:00.000Z`,
      time: `2026-11-24T08:${String(minute).padStart(2, '0')}:05.000Z`,
      ...changes,
    });

  async function filled() {
    const page = await openPage();
    page.feed.push({ event: at(10, { label: 'car', end: '2026-11-24T08:11:00.000Z' }) });
    page.feed.push({ event: at(20, { zones: { current: [], entered: ['gate'], dwell_s: {} } }) });
    page.feed.push({ event: at(30, { camera: 'porch' }) });
    const ids = async (query: string): Promise<unknown> => {
      const answer = await fetch(page.url(`/api/events${query}`));
      const { events, error } = (await answer.json()) as { events?: { id: string }[]; error?: string };
      return events?.map(({ id }) => id) ?? [answer.status, error !== undefined];
    };
    return { ...page, ids };
  }

  test.each([
    { name: 'all, the newest first', query: '', ids: ['drive-30', 'drive-20', 'drive-10'] },
    { name: 'of a camera', query: '?camera=porch', ids: ['drive-30'] },
    { name: 'of a label', query: '?label=car', ids: ['drive-10'] },
    { name: 'of a zone', query: '?zone=gate', ids: ['drive-20'] },
    {
      name: 'that were still seen then',
      query: '?since=2026-11-24T08:11:30Z',
      ids: ['drive-30', 'drive-20'],
    },
    { name: 'that had begun by then', query: '?until=2026-11-24T08:15Z', ids: ['drive-10'] },
    { name: 'in pages', query: '?before=2026-11-24T08:20:00.000Z~drive-20', ids: ['drive-10'] },
    { name: 'so many', query: '?limit=1', ids: ['drive-30'] },
    { name: 'for a time that there is not', query: '?since=2026-99-24T08:00Z', ids: [400, true] },
    { name: 'before a time that there is not', query: '?before=2026-99-24T08:00:00Z~a', ids: [400, true] },
    { name: 'for a key that there is not', query: '?colour=red', ids: [400, true] },
    { name: 'for more than a page', query: '?limit=100000', ids: [400, true] },
    { name: 'for two cameras at once', query: '?camera=a&camera=b', ids: [400, true] },
  ])('are found: $name', async ({ query, ids }) => {
    const page = await filled();
    expect(await page.ids(query)).toEqual(ids);
  });

  test('lead from page to page, to the last', async () => {
    const { url } = await filled();
    const seen: string[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const query: string = before === '' ? '' : `&before=${encodeURIComponent(before)}`;
      const page = (await (await fetch(url(`/api/events?limit=2${query}`))).json()) as {
        events: { id: string }[];
        before: string | null;
      };
      seen.push(...page.events.map(({ id }) => id));
      before = page.before;
    }
    expect(seen).toEqual(['drive-30', 'drive-20', 'drive-10']);
  });

  test('bring their pictures, and only theirs', async () => {
    const { url, feed } = await openPage();
    feed.push({ event: anEvent({ image: anImage() }), image: JPEG });
    const answer = await fetch(url('/api/images/drive/a-0.jpg'));
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(JPEG);
    expect((await fetch(url('/api/images/drive/b-0.jpg'))).status).toBe(404);
  });
});

describe('clips', () => {
  async function withClip() {
    const folder = tempFolder();
    const clipsFolder = join(folder, 'clips');
    mkdirSync(join(clipsFolder, 'drive'), { recursive: true });
    writeFileSync(join(clipsFolder, 'drive', 'drive-2026.123Z-7.mp4'), '0123456789');
    writeFileSync(join(clipsFolder, 'drive', 'drive.ts'), 'no clip');
    writeFileSync(join(folder, 'secret.mp4'), 'secret');
    return openPage({ clipsFolder });
  }

  test('whose disk is not there yet take no dashboard along, and play once it is', async () => {
    const disk = join(tempFolder(), 'disk');
    writeFileSync(disk, ''); // no folder can be made below it
    const clipsFolder = join(disk, 'falconet-data', 'clips');
    const { url } = await openPage({ clipsFolder });
    const statusNow = async () => (await fetch(url('/api/clips/drive/a.mp4'))).status;
    expect(await statusNow()).toBe(404);
    rmSync(disk);
    expect(await statusNow()).toBe(404);
    mkdirSync(join(clipsFolder, 'drive'), { recursive: true });
    writeFileSync(join(clipsFolder, 'drive', 'a.mp4'), '0123456789');
    expect(await statusNow()).toBe(200);
  });

  test('can be played from their midst on, as a browser does when one seeks', async () => {
    const { url } = await withClip();
    const answer = await fetch(url('/api/clips/drive/drive-2026.123Z-7.mp4'), {
      headers: { range: 'bytes=4-6' },
    });
    expect([answer.status, await answer.text()]).toEqual([206, '456']);
  });

  test.each([
    '/api/clips/drive/..%2f..%2fsecret.mp4',
    '/api/clips/..%2f/secret.mp4',
    '/api/clips/%2e%2e/secret.mp4',
    '/api/clips/drive/drive.ts',
    '/api/clips/drive/%00.mp4',
    '/api/clips/drive/..\\..\\secret.mp4',
  ])('do not lead out of their folder: %s', async (path) => {
    const { dashboard } = await withClip();
    const { port } = new URL(dashboard.url);
    const status = await new Promise<number>((resolve, reject) => {
      httpRequest({ port, path, host: '127.0.0.1' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
    expect([400, 404]).toContain(status);
  });
});

describe('without users', () => {
  test('nobody but this machine can open it', async () => {
    await expect(openPage({ host: '0.0.0.0' })).rejects.toThrow(TypeError);
  });

  test('a site of the network that calls itself our address is refused', async () => {
    const { url } = await openPage();
    expect(await statusOf(url('/api/events'), { host: 'evil.example:8585' })).toBe(421);
    expect(await statusOf(url('/api/events'), { host: 'localhost:8585' })).toBe(200);
  });

  test('another page cannot change anything', async () => {
    const { url } = await openPage();
    expect(await statusOf(url('/api/session'), { origin: 'http://evil.example' }, 'DELETE')).toBe(403);
    expect(await statusOf(url('/api/session'), {}, 'DELETE')).toBe(403);
  });
});

describe('with users', () => {
  async function locked(changes = {}) {
    const passwordHash = await hashPassword('correct horse', { log2N: 4, r: 8, p: 1 });
    const page = await openPage({ users: { anna: { passwordHash, role: 'view' } }, ...changes });
    const origin = page.dashboard.url.slice(0, -1);
    const logIn = (user: string, password: string, headers = {}) =>
      fetch(page.url('/api/session'), {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ user, password }),
      });
    return { ...page, origin, logIn };
  }

  test('nothing is told before somebody logs in', async () => {
    const { url, feed } = await locked();
    feed.push({ event: anEvent({ image: anImage() }), image: JPEG });
    for (const path of ['events', 'gateway', 'images/drive/a-0.jpg', 'live', 'nowhere']) {
      expect((await fetch(url(`/api/${path}`))).status, path).toBe(path === 'nowhere' ? 404 : 401);
    }
    expect(await (await fetch(url('/api/session'))).json()).toEqual({
      isOpen: false,
      user: null,
      role: null,
      canEdit: false,
    });
  });

  test('who logs in sees all until he logs out', async () => {
    const { url, logIn, origin } = await locked();
    const answer = await logIn('anna', 'correct horse');
    expect(await answer.json()).toEqual({
      isOpen: false,
      user: 'anna',
      role: 'view',
      canEdit: false,
    });
    const set = answer.headers.get('set-cookie') ?? '';
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(set).toContain(attribute);
    const headers = { cookie: set.split(';')[0] ?? '', origin };
    expect((await fetch(url('/api/events'), { headers })).status).toBe(200);
    await fetch(url('/api/session'), { method: 'DELETE', headers });
    expect((await fetch(url('/api/events'), { headers })).status).toBe(401);
  });

  test('who logs in again leaves no session behind', async () => {
    const { url, logIn } = await locked();
    const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const cookie = cookieOf(await logIn('anna', 'correct horse'));
    const next = cookieOf(await logIn('anna', 'correct horse', { cookie }));
    expect((await fetch(url('/api/events'), { headers: { cookie: next } })).status).toBe(200);
    expect((await fetch(url('/api/events'), { headers: { cookie } })).status).toBe(401);
  });

  test('who logs in at two gateways of one host stays logged in at both', async () => {
    const jar = new Map<string, string>(); // as a browser's, which knows no ports
    const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const gateways = [await locked(), await locked()];
    for (const { logIn } of gateways) {
      const answer = await logIn('anna', 'correct horse', { cookie: cookies() });
      const [name = '', value = ''] = answer.headers.get('set-cookie')?.split(/[=;]/) ?? [];
      jar.set(name, value);
    }
    for (const { url } of gateways) {
      const answer = await fetch(url('/api/session'), { headers: { cookie: cookies() } });
      expect(await answer.json()).toMatchObject({ user: 'anna' });
    }
  });

  test('a session ends after a week', async () => {
    let now = 0;
    const { url, logIn } = await locked({ clock: { now: () => now } });
    const cookie = (await logIn('anna', 'correct horse')).headers.get('set-cookie')?.split(';')[0] ?? '';
    now = SESSION_MS - 1;
    expect((await fetch(url('/api/events'), { headers: { cookie } })).status).toBe(200);
    now = SESSION_MS;
    expect((await fetch(url('/api/events'), { headers: { cookie } })).status).toBe(401);
  });

  test('the longest password that there is a hash of lets its user in', async () => {
    const longest = '🦅'.repeat(500);
    const passwordHash = await hashPassword(longest, { log2N: 4, r: 8, p: 1 });
    const { logIn } = await locked({ users: { anna: { passwordHash, role: 'view' } } });
    expect((await logIn('anna', longest)).status).toBe(200);
  });

  test('guessing ends after ten tries', async () => {
    const { logIn } = await locked();
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++)
      statuses.push((await logIn(i % 2 === 0 ? 'anna' : 'otto', `guess ${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  test('who may only look cannot draw', async () => {
    const editor = {
      read: () => Promise.reject(new Error('expected nobody to read')),
      write: async () => {},
    };
    const { url, logIn, origin } = await locked({ editor });
    const cookie = (await logIn('anna', 'correct horse')).headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, origin, 'content-type': 'application/json' };
    const body = JSON.stringify({ shapes: {}, version: '0'.repeat(64) });
    expect((await fetch(url('/api/shapes/drive'), { headers })).status).toBe(403);
    expect((await fetch(url('/api/shapes/drive'), { method: 'PUT', headers, body })).status).toBe(403);
    expect((await fetch(url('/api/shapes/drive'))).status).toBe(401);
  });

  test('another page cannot log anybody in', async () => {
    const { url } = await locked();
    const answer = await fetch(url('/api/session'), {
      method: 'POST',
      headers: { origin: 'http://evil.example', 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'anna', password: 'correct horse' }),
    });
    expect(answer.status).toBe(403);
  });
});

test('a port that is taken is told in words, with what to do', async () => {
  const { dashboard } = await openPage();
  const port = Number(new URL(dashboard.url).port);
  await expect(openPage({ port })).rejects.toMatchObject({
    code: 'DASHBOARD_FAILED',
    hint: expect.stringContaining('dashboard.listen'),
  });
});

test.each(['/health', '/%zz'])(
  'a connection that asks to become another one and may not is closed, not kept for ever: %s',
  async (path) => {
    const { dashboard } = await openPage();
    const { port } = new URL(dashboard.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`);
    socket.resume();
    await once(socket, 'close');
  },
);

test('over TLS the session is kept for this host and TLS alone', async () => {
  const [cert, key] = ['camera-cert.pem', 'camera-key.pem'].map((name) =>
    readFileSync(join(packageRoot, 'test/fixtures/tls', name), 'utf8'),
  ) as [string, string];
  const passwordHash = await hashPassword('correct horse', { log2N: 4, r: 8, p: 1 });
  const users = { anna: { passwordHash, role: 'view' as const } };
  const { dashboard } = await openPage({ users, tls: { cert, key } });
  expect(dashboard.url).toMatch(/^https:/);
  const logIn = (origin: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpsRequest(`${dashboard.url}api/session`, {
        method: 'POST',
        rejectUnauthorized: false, // the certificate is of the tests' own making
        headers: { origin, 'content-type': 'application/json' },
      })
        .on('response', (response) => resolve(response.resume()))
        .on('error', reject)
        .end(JSON.stringify({ user: 'anna', password: 'correct horse' }));
    });
  const origin = dashboard.url.slice(0, -1);
  const answer = await logIn(origin);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-falconet-\d+=.*; Secure/);
  // Anybody on the way can put a page there.
  expect((await logIn(origin.replace('https', 'http'))).statusCode).toBe(403);
});
