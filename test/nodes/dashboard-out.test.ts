import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventPage, GatewayFacts } from '../../src/core/dashboard.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { hashPassword } from '../../src/web/password.ts';
import { anEvent } from '../helpers/events.ts';
import { freePort } from '../helpers/free-port.ts';
import { processesBelow } from '../helpers/processes.ts';
import { type RtspCamera, startRtspCamera } from '../helpers/rtsp-camera.ts';
import { viewer } from '../web/viewers.ts';
import { CAMERA, CATCH, cameraIn, debug, detect, EMPTY, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

vi.setConfig({ testTimeout: 120_000 });

let red: TestNodeRed;
let port: number;

beforeAll(async () => {
  red = await startNodeRed();
});

afterAll(async () => {
  await red.close();
});

beforeEach(async () => {
  await red.deploy(EMPTY);
  red.forget();
  port = await freePort();
});

function dashboardOut(changes: object = {}): FlowNode {
  const tls = { cert: '', key: '' };
  const fields = { gateway: '', listen: `127.0.0.1:${port}`, ...tls, frameAncestors: '', version: 1 };
  return node('do1', 'falconet-dashboard-out', { ...fields, wires: [], ...changes });
}

function gateway(changes: object = {}): FlowNode {
  const fields = { name: 'house', baseTopic: 'falconet', broker: '', folder: `place-${port}`, version: 1 };
  return { id: 'g1', type: 'falconet-gateway', ...fields, ...changes };
}

const RULES = {
  zones: {
    left: {
      polygon: [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ],
    },
  },
};

/** The demo clip on the page. */
function wholeFlow(): FlowNode[] {
  return [
    TAB,
    CAMERA,
    MODEL,
    cameraIn({ wires: [['d1'], ['tr1']] }),
    detect({ wires: [['tr1']] }),
    node('tr1', 'falconet-track', {
      ...{ gateway: 'home', gatewayNode: '', rules: RULES, version: 2 },
      wires: [['do1', 'events'], ['do1'], ['do1']],
    }),
    dashboardOut(),
    debug('events'),
    ...CATCH,
  ];
}

const url = () => `http://127.0.0.1:${port}/`;
const badge = (text: string | RegExp) =>
  red.statuses.waitFor((status) => status.node === 'do1' && new RegExp(text).test(status.text), 20_000);
const isThere = () => badge(`^127.0.0.1:${port}$`);
const failure = async () => {
  const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed', 20_000);
  return (msg['error'] as Error).message;
};
const failures = () => red.deliveries.all.filter(({ to }) => to === 'failed');
async function asked<T>(path: string): Promise<T> {
  return (await (await fetch(url() + path)).json()) as T;
}

test('the page shows the camera with its tracks, zones, states, counts and events; the badge says who looks', async () => {
  await red.deploy(wholeFlow());
  await isThere();
  expect(await (await fetch(url())).text()).toContain('<html');
  await red.deliveries.waitFor(({ to }) => to === 'events', 40_000);

  const { socket, told, bytes, watch } = viewer(url());
  const { cameras } = await told('cameras');
  expect(cameras).toMatchObject([{ camera: 'room', fps: null, zones: [{ name: 'left' }] }]);
  expect((await told('state')).state).toMatchObject({ camera: 'room', state: 'online' });
  expect((await told('tally')).tally).toMatchObject({ zones: { left: {} } });
  await badge(`^:${port} [(]1[)]|127.0.0.1:${port} [(]1[)]$`);
  watch({ camera: 'room', video: true });
  await told('no-video');
  watch({ camera: 'room', video: false });
  // Beside the event's track there may be others, older ones too, that the rules have not asked for yet.
  let picture = await bytes();
  while (!('tracks' in picture.head && picture.head.tracks.some(({ isEvent }) => isEvent)))
    picture = await bytes();
  expect(picture.head).toMatchObject({ kind: 'picture', camera: 'room', width: 640, height: 360 });
  const track = { label: 'person', isEvent: true, id: expect.any(Number) };
  expect(picture.head.tracks).toContainEqual(expect.objectContaining(track));
  expect(picture.body.subarray(0, 2).toString('hex')).toBe('ffd8');
  red.forget();
  socket.close();
  await isThere();

  const { events } = await asked<EventPage>('api/events?label=person');
  const ref = events[0]?.image?.ref;
  expect((await fetch(`${url()}api/images/${ref}`)).headers.get('content-type')).toBe('image/jpeg');
  const facts = await asked<GatewayFacts>('api/gateway');
  expect(facts).toMatchObject({
    gateway: 'home',
    model: 'tiny-ssd',
    engine: { processes: null },
    labels: ['person'],
    states: [{ camera: 'room' }],
    figures: { room: { took: { frame: { medianMs: expect.any(Number) } } } },
  });
  expect(failures()).toEqual([]);
});

describe('the video of a camera that speaks RTSP', () => {
  const login = { user: 'viewer', password: 'p@ss-w0rd' };
  const credentials = { username: login.user, password: login.password };
  let camera: RtspCamera;
  beforeEach(async () => {
    camera = await startRtspCamera({
      clip: join(packageRoot, 'examples/media/demo.mp4'),
      credentials: login,
    });
  });
  afterEach(() => camera.close());

  /** Without an engine: frames go to the page as *camera in* gives them. */
  const flow = (changes: object = {}): FlowNode[] => [
    TAB,
    { ...CAMERA, source: camera.url, loop: false, credentials, ...changes },
    cameraIn({ wires: [['do1'], []] }),
    dashboardOut(),
    ...CATCH,
  ];
  const MASK = [
    [
      [0, 0],
      [0.2, 0],
      [0.2, 0.2],
    ],
  ];

  test('is copied while one looks, and no longer than its camera in reads it', async () => {
    await red.deploy(flow());
    await isThere();
    const { told, bytes, watch } = viewer(url());
    while ((await told('cameras')).cameras.length === 0);
    watch({ camera: 'room', video: true });
    let piece = await bytes();
    while (piece.head.kind !== 'video') piece = await bytes();
    expect(camera.sessions()).toBe(2);
    expect(JSON.stringify(await processesBelow(process.pid))).not.toContain(credentials.password);
    red.send('in1', { payload: 'stop' });
    await told('no-video');
    await expect.poll(() => camera.sessions(), { timeout: 10_000 }).toBe(0);
    expect(failures()).toEqual([]);
  });

  test('comes back to an open page when its camera in is started again', async () => {
    await red.deploy(flow());
    await isThere();
    const { told, bytes, watch, socket } = viewer(url());
    while ((await told('cameras')).cameras.length === 0);
    watch({ camera: 'room', video: true });
    while ((await bytes()).head.kind !== 'video');
    red.send('in1', { payload: 'stop' });
    await told('no-video');
    const { promise: isAsked, resolve: ask } = Promise.withResolvers<void>();
    socket.on('message', (data) => String(data).startsWith('{"kind":"cameras"') && ask());
    red.send('in1', { payload: 'start' });
    await isAsked; // whereupon the page wants video again
    watch();
    watch({ camera: 'room', video: true });
    let { head } = await bytes();
    while (head.kind !== 'video-start') ({ head } = await bytes());
  });

  test('is there again where nothing but the page was deployed', async () => {
    await red.deploy(flow());
    await isThere();
    red.forget();
    await red.deploy(
      flow().map((one) => (one.id === 'do1' ? { ...one, name: 'page' } : one)),
      'nodes',
    );
    await isThere();
    const { told, bytes, watch } = viewer(url());
    while ((await told('cameras')).cameras.length === 0);
    watch({ camera: 'room', video: true });
    while ((await bytes()).head.kind !== 'video');
    expect(failures()).toEqual([]);
  });

  test('is never copied where something is hidden, also when that is deployed while one looks', async () => {
    await red.deploy(flow());
    await isThere();
    const { told, bytes, watch } = viewer(url());
    while ((await told('cameras')).cameras.length === 0);
    watch({ camera: 'room', video: true });
    while ((await bytes()).head.kind !== 'video');
    await red.deploy(flow({ privacy: MASK, version: 2 }), 'nodes');
    await told('no-video');
    await expect.poll(() => camera.sessions(), { timeout: 10_000 }).toBe(1);
    const another = viewer(url());
    await another.told('cameras');
    another.watch({ camera: 'room', video: true });
    await another.told('no-video');
  });
});

test('boxes of detect do, where there is no track', async () => {
  await red.deploy([
    ...wholeFlow().filter(({ id }) => !['in1', 'd1', 'tr1'].includes(id)),
    cameraIn({ wires: [['d1'], []] }),
    detect({ wires: [['do1', 'events']] }),
  ]);
  await red.deliveries.waitFor(({ to }) => to === 'events', 40_000);
  const { bytes, told, watch } = viewer(url());
  const { cameras } = await told('cameras');
  expect(cameras).toMatchObject([{ camera: 'room', zones: [] }]);
  watch({ camera: 'room', video: false });
  let picture = await bytes();
  // The detector may take other things in the picture for something too, and in any order.
  const isPerson = ({ label }: { readonly label: string }) => label === 'person';
  while (!('tracks' in picture.head && picture.head.tracks.some(isPerson))) picture = await bytes();
  const person = { label: 'person', path: [], isEvent: true };
  expect(picture.head.tracks).toContainEqual(expect.objectContaining(person));
  expect(failures()).toEqual([]);
});

test('a message is done with once, whatever it brings', async () => {
  await red.deploy([TAB, dashboardOut(), ...CATCH]);
  await isThere();
  red.send('do1', { payload: anEvent() });
  red.send('do1', { payload: 'a person, I think' });
  expect(await failure()).toContain('Wire the outputs of track');
  await badge('no-event');
  const own = () => red.completions.all.filter(({ node: of }) => of === 'do1');
  await red.completions.waitUntil(() => own().length >= 2);
  expect(own().filter(({ error }) => error !== undefined)).toHaveLength(1);
  expect(own()).toHaveLength(2);
});

test('with a gateway that has a folder, the page knows the events of before a restart', async () => {
  const flow = [TAB, gateway(), dashboardOut({ gateway: 'g1' }), ...CATCH];
  await red.deploy(flow);
  await isThere();
  const now = new Date().toISOString();
  const event = anEvent({ start: now, time: now });
  red.send('do1', { payload: event });
  const found = () => asked<EventPage>('api/events').then(({ events }) => events.map(({ id }) => id));
  await expect.poll(found, { timeout: 10_000 }).toEqual([event.id]);
  await red.deploy(EMPTY);
  red.forget();
  await red.deploy(flow);
  await isThere();
  expect(await found()).toEqual([event.id]);
  const [known] = (await asked<EventPage>('api/events')).events;
  expect(known).toMatchObject({ type: 'end', end: expect.any(String) }); // nobody can tell of its end any more
  expect(await asked<GatewayFacts>('api/gateway')).toMatchObject({ gateway: 'house', engine: null });
  expect(failures()).toEqual([]);
});

describe('who may look', () => {
  test('on an address that others reach, nobody without a user: badge and Catch say so', async () => {
    await red.deploy([TAB, dashboardOut({ listen: `0.0.0.0:${port}` }), ...CATCH]);
    await badge('settings');
    expect(await failure()).toMatch(/users.*others can reach 0[.]0[.]0[.]0/);
    await expect(fetch(url())).rejects.toThrow();
  });

  test.each([
    { name: 'a user without a password', credentials: { username: 'anna' }, says: 'password' },
    { name: 'a password without a user', credentials: { password: 'right-word' }, says: 'users' },
  ])('$name is a mistake', async ({ credentials, says }) => {
    await red.deploy([TAB, dashboardOut({ credentials }), ...CATCH]);
    await badge('settings');
    expect(await failure()).toContain(says);
  });

  test('with a user, who knows the password; it is in no flow, log or message', async () => {
    const credentials = { username: 'anna', password: 'right-word' };
    await red.deploy([TAB, dashboardOut({ credentials }), ...CATCH]);
    await isThere();
    const login = (password: string) =>
      fetch(`${url()}api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: url().slice(0, -1) },
        body: JSON.stringify({ user: 'anna', password }),
      });
    expect((await fetch(`${url()}api/events`)).status).toBe(401);
    expect((await login('wrong-word')).status).toBe(401);
    const answer = await login('right-word');
    expect(await answer.json()).toMatchObject({ user: 'anna', role: 'view', canEdit: false });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${url()}api/events`, { headers: { cookie } })).status).toBe(200);
    const flows = await (await red.get('flows')).text();
    expect(flows + JSON.stringify([red.deliveries.all, red.statuses.all])).not.toContain('right-word');
  });

  test('with the hash that falconet password prints, in place of the password', async () => {
    const password = await hashPassword('right-word', { log2N: 4, r: 1, p: 1 });
    await red.deploy([TAB, dashboardOut({ credentials: { username: 'anna', password } }), ...CATCH]);
    await isThere();
    const answer = await fetch(`${url()}api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: url().slice(0, -1) },
      body: JSON.stringify({ user: 'anna', password: 'right-word' }),
    });
    expect(answer.status).toBe(200);
  });

  test('in frames of named sites only', async () => {
    await red.deploy([TAB, dashboardOut({ frameAncestors: `${red.url}, http://red.lan:1880` })]);
    await isThere();
    const policy = (await fetch(url())).headers.get('content-security-policy');
    expect(policy).toContain(`frame-ancestors 'self' ${red.url} http://red.lan:1880`);
  });

  test('a wildcard of a hand-written flow is refused', async () => {
    await red.deploy([TAB, dashboardOut({ frameAncestors: 'http://*' }), ...CATCH]);
    await badge('settings');
    expect(await failure()).toContain('frame_ancestors');
  });
});

describe('redeploys', () => {
  test.each(['full', 'flows', 'nodes'] as const)(
    '%s: the port is free again, ten times in a row',
    async (type) => {
      await red.deploy([TAB, dashboardOut(), ...CATCH]);
      await isThere();
      const { socket, told } = viewer(url());
      await told('cameras');
      const gone = once(socket, 'close');
      for (let turn = 0; turn < 10; turn++) {
        red.forget();
        await red.deploy([TAB, dashboardOut({ name: `turn ${turn}` }), ...CATCH], type);
        await isThere();
      }
      await gone;
      expect(failures()).toEqual([]);
      const began = performance.now();
      await red.deploy(EMPTY);
      expect(performance.now() - began).toBeLessThan(5_000);
      await expect(fetch(url())).rejects.toThrow();
    },
  );

  test('a port that is taken is said with what to do, and Node-RED goes on', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await red.deploy([TAB, dashboardOut(), ...CATCH]);
    await badge('port-taken');
    expect(await failure()).toMatch(/EADDRINUSE.*another address/);
    red.send('do1', { payload: anEvent() });
    await red.completions.waitFor(({ node: of, error }) => of === 'do1' && error !== undefined);
    other.close();
    await once(other, 'close');
    red.forget();
    await red.deploy([TAB, dashboardOut({ name: 'again' }), ...CATCH]);
    await isThere();
  });

  test('a node of a later version than this Falconet knows is refused, and says so', async () => {
    await red.deploy([TAB, dashboardOut({ version: 99 }), ...CATCH]);
    await badge('settings');
    expect(await failure()).toContain('99');
  });
});
