import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import type { Picture } from '../../src/media/image.ts';
import { decodePicture } from '../../src/media/picture.ts';
import { processesBelow } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { CAMERA, CATCH, cameraIn, DEMO, debug, detect, EMPTY, MODEL, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
let red: TestNodeRed;

beforeAll(async () => {
  red = await startNodeRed();
});

afterAll(async () => {
  await red.close();
});

beforeEach(async () => {
  await red.deploy(EMPTY);
  red.forget();
});

/** A camera whose frames go to `wires` and whose states go to `states`. */
function cameraFlow(wires: string[], changes: { camera?: object; node?: object } = {}): FlowNode[] {
  return [
    TAB,
    { ...CAMERA, ...changes.camera },
    cameraIn({ wires: [wires, ['states']], ...changes.node }),
    debug('states'),
    ...CATCH,
  ];
}

/** Hides the right half. */
const RIGHT_HALF = [
  [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ],
];

/** The greatest value of a half; a mask reaches two pixels farther than it is drawn. */
function brightest({ width, height, data }: Picture, half: 'left' | 'right'): number {
  const [from, to] = half === 'left' ? [0, width / 2 - 2] : [width / 2, width];
  const rows = Array.from({ length: height }, (_, y) =>
    data.subarray((y * width + from) * 3, (y * width + to) * 3),
  );
  return Math.max(...rows.map((row) => row.reduce((most, value) => Math.max(most, value))));
}

function received(id: string): Record<string, unknown>[] {
  return red.deliveries.all.filter(({ to }) => to === id).map(({ msg }) => msg);
}

const state = (name: string) =>
  red.deliveries.waitFor(
    ({ to, msg }) => to === 'states' && (msg['payload'] as { state: string }).state === name,
  );

const isReading = ({ commandLine }: { readonly commandLine: readonly string[] }) =>
  commandLine.includes('nut');

function ffmpegs(): number {
  return (processesBelow() ?? []).filter(isReading).length;
}

describe('camera in', () => {
  test('with detect, the demo clip shows a person, without a line of code', async () => {
    const flow = [...cameraFlow(['d1']), MODEL, detect({ wires: [['seen']] }), debug('seen')];
    await red.deploy(flow);
    const { msg } = await red.deliveries.waitFor(
      ({ to, msg }) => to === 'seen' && JSON.stringify(msg['payload']).includes('person'),
      20_000,
    );
    expect(msg).toMatchObject({
      topic: 'room',
      picture: { width: 640, height: 360 },
      frame: { camera: 'room' },
    });
    await state('online');
  });

  test('a frame reaches two wires, a delay, a function and link nodes, and each can have its picture', async () => {
    const jpeg = {
      func: 'msg.payload = await msg.frame.jpeg(); return msg;',
      outputs: 1,
      wires: [['pictures']],
    };
    await red.deploy([
      ...cameraFlow(['seen', 'delay1', 'out1'], { camera: { fps: '2' } }),
      {
        id: 'delay1',
        type: 'delay',
        z: 't1',
        pauseType: 'delay',
        timeout: '1',
        timeoutUnits: 'seconds',
        wires: [['f1']],
      },
      { id: 'out1', type: 'link out', x: 1, y: 1, z: 't1', mode: 'link', links: ['in2'], wires: [] },
      { id: 'in2', type: 'link in', x: 1, y: 1, z: 't1', links: ['out1'], wires: [['f1']] },
      { id: 'f1', type: 'function', z: 't1', ...jpeg },
      debug('seen'),
      debug('pictures'),
    ]);
    await red.deliveries.waitUntil(() => received('pictures').length >= 4, 60_000);
    expect(received('failed')).toEqual([]);
    const picture = await decodePicture(received('pictures')[0]?.['payload'] as Buffer);
    expect([picture.width, picture.height]).toEqual([640, 360]);
    const [seen] = received('seen');
    expect(JSON.parse(JSON.stringify(seen?.['frame']))).toEqual({
      camera: 'room',
      seq: expect.any(Number),
      pts: expect.any(Number),
      width: 640,
      height: 360,
    });
  });

  test('what a mask hides is black in every picture that leaves it', async () => {
    const pixels = {
      func: 'msg.payload = await msg.frame.pixels(); return msg;',
      outputs: 1,
      wires: [['pictures']],
    };
    await red.deploy([
      ...cameraFlow(['f1'], { camera: { privacy: RIGHT_HALF, version: 2 } }),
      { id: 'f1', type: 'function', z: 't1', ...pixels },
      debug('pictures'),
    ]);
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'pictures', 60_000);
    const picture = msg['payload'] as Picture;
    expect(brightest(picture, 'right')).toBe(0);
    expect(brightest(picture, 'left')).toBeGreaterThan(100);
  });

  test('a frame that is asked for too late says so to Catch', async () => {
    const late = 'return msg.frame.pixels().then((payload) => ({ ...msg, payload }));';
    await red.deploy([
      ...cameraFlow(['delay1']),
      {
        id: 'delay1',
        type: 'delay',
        z: 't1',
        pauseType: 'delay',
        timeout: '3',
        timeoutUnits: 'seconds',
        wires: [['f1']],
      },
      {
        id: 'f1',
        type: 'function',
        z: 't1',
        func: `return (async () => { ${late} })();`,
        outputs: 1,
        wires: [[]],
      },
    ]);
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed', 60_000);
    expect(JSON.stringify(msg['error'])).toContain('expected frame');
  });

  test('starts and stops by message, and leaves no ffmpeg', async () => {
    await red.deploy(cameraFlow(['seen'], { node: { autostart: false } }).concat(debug('seen')));
    red.send('in1', { payload: 'start' });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    red.send('in1', { payload: false });
    await state('offline');
    await expect.poll(ffmpegs, { timeout: 15_000 }).toBe(0);
    red.send('in1', { payload: 'maybe' });
    await red.deliveries.waitFor(
      ({ to, msg }) => to === 'failed' && JSON.stringify(msg).includes('expected true or false'),
    );
    red.send('in1', { payload: true });
    const before = received('seen').length;
    await red.deliveries.waitUntil(() => received('seen').length > before);
    await red.deploy(EMPTY);
    await expect.poll(ffmpegs, { timeout: 15_000 }).toBe(0);
    expect(red.completions.all.filter(({ node }) => node === 'in1')).toHaveLength(4);
  });

  test('a second start leaves a camera that runs as it is, one that has ended begins anew', async () => {
    const looping = { node: { autostart: false } };
    await red.deploy(cameraFlow(['seen'], looping).concat(debug('seen')));
    red.send('in1', { payload: true });
    await red.deliveries.waitFor(({ to }) => to === 'seen');
    const pids = () => (processesBelow() ?? []).filter(isReading).map(({ pid }) => pid);
    const before = pids();
    red.send('in1', { payload: true });
    const seen = received('seen').length;
    await red.deliveries.waitUntil(() => received('seen').length > seen + 5, 60_000);
    expect(pids()).toEqual(before);
    const seqs = received('seen').map(({ payload }) => (payload as { seq: number }).seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(JSON.stringify(received('states'))).not.toContain('stopped');

    await red.deploy(cameraFlow([], { camera: { source: '/no/such.mp4' }, ...looping }));
    for (const turn of [1, 2]) {
      red.send('in1', { payload: true });
      await red.deliveries.waitUntil(() => received('failed').length === turn, 60_000);
    }
  });

  test('a wrong password is on the badge, and nowhere else', async () => {
    const camera = await startRtspCamera({
      clip: CLIP,
      credentials: { user: 'viewer', password: 'right-word' },
    });
    await red.deploy(
      cameraFlow([], {
        camera: { source: camera.url, credentials: { username: 'viewer', password: 'wr0ng-word' } },
      }),
    );
    await red.statuses.waitFor(
      ({ node, text }) => node === 'in1' && text.endsWith('.wrong-password'),
      20_000,
    );
    const all = JSON.stringify([red.deliveries.all, red.statuses.all, processesBelow()]);
    expect(all).not.toContain('wr0ng-word');
    await red.deploy(EMPTY);
    await camera.close();
  });

  test.each([
    { name: 'no camera', changes: { node: { camera: 'gone' } }, badge: 'settings', says: 'choose a camera' },
    { name: 'no name', changes: { camera: { name: '' } }, badge: 'settings', says: '1 to 40 of a-z' },
    {
      name: 'no such file',
      changes: { camera: { source: '/no/such.mp4' } },
      badge: 'no-such-file',
      says: 'such.mp4',
    },
    {
      name: 'no such file in the user folder, where relative paths start',
      changes: { camera: { source: 'such.mp4' } },
      badge: 'no-such-file',
      says: '/falconet-userdir-',
    },
  ])('$name: badge and Catch say so, Node-RED goes on', async ({ changes, badge, says }) => {
    await red.deploy(cameraFlow([], changes));
    await red.statuses.waitFor(
      ({ node, text }) => node === 'in1' && text === `falconet-camera-in.status.${badge}`,
    );
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed');
    expect((msg['error'] as Error).message).toContain(says);
  });
});

describe('the example flows with a camera', () => {
  /** With a text of it exchanged, as a user would in a function. */
  async function example(name: string, [from, to]: [string, string] = ['', '']): Promise<FlowNode[]> {
    const text = await readFile(join(packageRoot, 'examples/flows', `${name}.json`), 'utf8');
    return JSON.parse(text.replaceAll(from, to));
  }
  const idOf = (flow: FlowNode[], name: string) => flow.find((node) => node['name'] === name)?.id;
  const payloads = (id: string | undefined) =>
    red.deliveries.all.filter(({ to }) => to === id).map(({ msg }) => msg['payload']);

  test('camera-to-boxes shows boxes, and that the camera is there', async () => {
    const flow = await example('camera-to-boxes');
    await red.deploy(flow);
    const isThere = (name: string, part: string) => JSON.stringify(payloads(idOf(flow, name))).includes(part);
    await red.deliveries.waitUntil(() => isThere('boxes', '"label":"person"'), 60_000);
    expect(isThere('states', '"state":"online"')).toBe(true);
  });

  test('snapshot-to-file leaves the picture with the person', async () => {
    const folder = tempFolder();
    const flow = await example('snapshot-to-file', ['falconet-snapshots', folder]);
    await red.deploy(flow);
    const { msg } = await red.deliveries.waitFor(({ to }) => to === idOf(flow, 'written'), 60_000);
    const picture = await decodePicture(String(msg['filename']));
    expect([picture.width, picture.height]).toEqual([640, 360]);
  });

  test('night-filter says how many persons there are, and where', async () => {
    const flow = await example('night-filter', [
      'const FROM = 20;\\nconst TO = 6;',
      'const FROM = 0;\\nconst TO = 24;',
    ]);
    await red.deploy(flow);
    await red.deliveries.waitFor(({ to }) => to === idOf(flow, 'alert'), 60_000);
    expect(payloads(idOf(flow, 'alert'))[0]).toMatch(/^\d at room$/);
  });

  test('many-cameras looks at both', async () => {
    const flow = await example('many-cameras');
    await red.deploy(flow);
    const boxes = idOf(flow, 'boxes');
    const topics = () =>
      new Set(red.deliveries.all.filter(({ to }) => to === boxes).map(({ msg }) => msg['topic']));
    await red.deliveries.waitUntil(() => topics().size === 2, 60_000);
    expect([...topics()].sort()).toEqual(['hall', 'room']);
  });
});

describe('the Test button of a camera', () => {
  const ask = (changes: object) =>
    fetch(`${red.url}/admin/falconet/camera/still`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id: 'c1', name: 'room', ...DEMO, credentials: {}, ...changes }),
    });

  test('shows what the camera shows, and what it sends', async () => {
    const answer = await ask({});
    const { image, ...facts } = (await answer.json()) as { image: string };
    const picture = await decodePicture(Buffer.from(image, 'base64'));
    expect([picture.width, picture.height]).toEqual([640, 360]);
    expect(facts).toMatchObject({ width: 640, stream: { codec: 'h264', width: 640, height: 360 } });
    await expect.poll(ffmpegs, { timeout: 15_000 }).toBe(0);
  });

  test('shows what masks hide to the dialog that draws them, and to no other', async () => {
    const pictureOf = async (answer: Response) =>
      decodePicture(Buffer.from(((await answer.json()) as { image: string }).image, 'base64'));
    const whole = await pictureOf(await ask({}));
    expect(brightest(whole, 'right')).toBeGreaterThan(100);
    const masked = await pictureOf(await ask({ privacy: RIGHT_HALF }));
    expect(brightest(masked, 'right')).toBeLessThan(40); // a JPEG's black
    expect(brightest(masked, 'left')).toBeGreaterThan(100);
  });

  test('with the password that was deployed, which the editor does not know', async () => {
    const camera = await startRtspCamera({
      clip: CLIP,
      credentials: { user: 'viewer', password: 'right-word' },
    });
    const credentials = { username: 'viewer', password: 'right-word' };
    await red.deploy(
      cameraFlow([], { camera: { source: camera.url, credentials }, node: { autostart: false } }),
    );
    const asked = { source: camera.url, credentials: { ...credentials, password: '__PWRD__' } };
    expect((await ask(asked)).status).toBe(200);
    const refused = await ask({ ...asked, credentials: { ...credentials, password: 'wr0ng-word' } });
    expect(refused.status).toBe(422);
    const said = await refused.text();
    expect(said).toContain('room');
    expect(said).not.toContain('wr0ng-word');
    await camera.close();
  });

  test('with the user and password that the environment has, as falconet import writes them', async () => {
    vi.stubEnv('ROOM_USER', 'viewer');
    const camera = await startRtspCamera({
      clip: CLIP,
      credentials: { user: 'viewer', password: 'right-word' },
    });
    const env = [{ name: 'ROOM_PASSWORD', value: 'right-word', type: 'str' }];
    const credentials = { username: '${ROOM_USER}', password: '${ROOM_PASSWORD}' };
    await red.deploy([
      ...cameraFlow([], { camera: { source: camera.url, credentials }, node: { autostart: false } }),
      { id: 'global1', type: 'global-config', name: '', env },
    ]);
    const asked = { source: camera.url, credentials: { ...credentials, password: '__PWRD__' } };
    expect((await ask(asked)).status).toBe(200);
    expect((await ask({ ...asked, credentials: undefined })).status).toBe(200);
    await camera.close();
    vi.unstubAllEnvs();
  });

  test.each([
    { name: 'nothing', body: 'null' },
    { name: 'a camera without a name', body: '{"credentials":{}}' },
    { name: 'another kind of thing', body: '[1]' },
  ])('says that $name is no camera', async ({ body }) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${red.url}/admin/falconet/camera/still`, { method: 'POST', headers, body });
    expect([400, 422]).toContain(answer.status);
  });
});
