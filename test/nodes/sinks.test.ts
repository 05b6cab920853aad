import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { type RecordedMessage, startBroker, type TestBroker } from '../helpers/broker.ts';
import { anEvent } from '../helpers/events.ts';
import { processesBelow } from '../helpers/processes.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { CAMERA, CATCH, cameraIn, debug, detect, EMPTY, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

vi.setConfig({ testTimeout: 120_000 });

let red: TestNodeRed;
let broker: TestBroker;

beforeAll(async () => {
  red = await startNodeRed();
  broker = await startBroker();
});

afterAll(async () => {
  await red.close();
  await broker.close();
});

let count = 0;
/** Topics and folder of one test. */
let place: string;

beforeEach(async () => {
  await red.deploy(EMPTY);
  red.forget();
  place = `place-${++count}`;
});

function gateway(changes: object = {}): FlowNode {
  const fields = { name: 'house', baseTopic: place, broker: 'b1', folder: place, version: 2 };
  return { id: 'g1', type: 'falconet-gateway', ...fields, ...changes };
}

function brokerNode(changes: object = {}): FlowNode {
  const tls = { ca: '', cert: '', key: '', verify: true, serverName: '' };
  const fields = { name: '', url: broker.url, clientId: '', protocol: 'auto', ...tls, version: 1 };
  return { id: 'b1', type: 'falconet-broker', ...fields, ...changes };
}

function mqttOut(changes: object = {}): FlowNode {
  return node('mo1', 'falconet-mqtt-out', { gateway: 'g1', version: 1, wires: [], ...changes });
}

function track(changes: object = {}): FlowNode {
  const fields = { gateway: 'home', gatewayNode: 'g1', rules: {}, version: 2 };
  return node('tr1', 'falconet-track', {
    ...fields,
    wires: [
      ['mo1', 'events'],
      ['mo1', 'told'],
    ],
    ...changes,
  });
}

/** The demo clip up to the broker. */
function wholeFlow(): FlowNode[] {
  return [
    TAB,
    CAMERA,
    MODEL,
    gateway(),
    brokerNode(),
    cameraIn({ wires: [['d1'], ['tr1']] }),
    detect({ wires: [['tr1']] }),
    track(),
    mqttOut(),
    debug('events'),
    debug('told'),
    ...CATCH,
  ];
}

function sinkFlow(...changed: FlowNode[]): FlowNode[] {
  const nodes = [TAB, gateway(), brokerNode(), mqttOut(), ...CATCH];
  return nodes.map((one) => changed.find(({ id }) => id === one.id) ?? one);
}

const published = (topic: string, predicate: (message: RecordedMessage) => boolean = () => true) =>
  broker.waitFor((message) => message.topic === `${place}/${topic}` && predicate(message), 30_000);
const json = ({ payload }: RecordedMessage): Record<string, unknown> => JSON.parse(payload.toString());
const badge = (id: string, text: string | RegExp) =>
  red.statuses.waitFor((status) => status.node === id && new RegExp(text).test(status.text), 20_000);
const failure = async () => {
  const { msg } = await red.deliveries.waitFor(({ to }) => to === 'failed', 20_000);
  return (msg['error'] as Error).message;
};
const sentEvents = (): FalconetEvent[] =>
  broker.messages.filter(({ topic }) => topic === `${place}/camera/drive/event`).map(json) as never;

describe('mqtt out', () => {
  test('tells a broker what the gateway without Node-RED tells it: events, pictures, states, counts, presence', async () => {
    await red.deploy(wholeFlow());
    expect(json(await published('bridge/state'))).toEqual({ state: 'online' });
    const { payload, retain, qos } = await published('camera/room/event');
    const event = eventSchema.parse(JSON.parse(payload.toString()));
    expect(event).toMatchObject({ type: 'new', gateway: 'house', label: 'person' });
    expect({ retain, qos }).toEqual({ retain: false, qos: 1 });
    const picture = await published('camera/room/image/person');
    expect(picture.retain).toBe(true);
    expect(broker.messages.indexOf(picture)).toBeLessThan(
      broker.messages.findIndex(({ topic }) => topic === `${place}/camera/room/event`),
    );
    const online = await published('camera/room/state', (message) => json(message)['state'] === 'online');
    expect(json(online)).toMatchObject({ reason: 'frames', frames: { looked: expect.any(Number) } });
    await published('camera/room/count/person', (message) => message.payload.toString() === '1');
    await badge('mo1', /^room: person$/);

    await red.deploy(EMPTY);
    expect(
      json(await published('bridge/state', (message) => json(message)['state'] === 'offline')),
    ).toBeDefined();
    const states = broker.messages.filter(({ topic }) => topic === `${place}/camera/room/state`).map(json);
    expect(states.at(-1)).toMatchObject({ state: 'offline', reason: 'stopped' });
    await expect.poll(() => broker.clients()).toEqual([]);
    expect(red.deliveries.all.filter(({ to }) => to === 'failed')).toEqual([]);
  });

  test('deployed alone, it says goodbye for its cameras, and that they are there within 30 s', async () => {
    await red.deploy(wholeFlow());
    await published('camera/room/event'); // track has told of the camera, and does so again after 30 s
    const before = broker.messages.length;
    await red.deploy(
      wholeFlow().map((one) => (one.id === 'mo1' ? { ...one, name: 'changed' } : one)),
      'nodes',
    );
    const since = () =>
      broker.messages.slice(before).filter(({ topic }) => topic === `${place}/camera/room/state`);
    await expect
      .poll(() => since().map((message) => json(message)['state']), { timeout: 40_000 })
      .toEqual(['offline', 'online']);
    expect(json(since()[1] as RecordedMessage)['fps']).toBeGreaterThan(0);
  });

  test('a camera that never came is on the broker, with its reason', async () => {
    const flow = wholeFlow().map((one) => (one.id === CAMERA.id ? { ...one, source: '/no/such.mp4' } : one));
    await red.deploy(flow);
    const state = await published('camera/room/state', (message) => json(message)['state'] === 'offline');
    expect(json(state)).toMatchObject({ reason: 'no-such-file', fps: 0, frames: { came: 0 } });
  });

  test('a gateway of the first version as it was saved goes on as before', async () => {
    await red.deploy(sinkFlow(gateway({ version: 1, homeassistant: undefined, eventsDays: undefined })));
    await badge('mo1', 'connected');
  });

  test('many nodes share one connection, which ends with the last', async () => {
    const flow = [...sinkFlow(), mqttOut({ id: 'mo2' })];
    await red.deploy(flow);
    await badge('mo2', 'connected');
    await badge('mo1', 'connected');
    await expect.poll(() => broker.clients()).toHaveLength(1);
    red.send('mo1', { payload: anEvent() });
    red.send('mo2', { payload: anEvent({ seq: 1, type: 'end' }) });
    await published('camera/drive/event', (message) => json(message)['type'] === 'end');
    await red.deploy(
      flow.filter(({ id }) => id !== 'mo2'),
      'flows',
    );
    red.send('mo1', { payload: anEvent({ id: 'another', seq: 0 }) });
    await published('camera/drive/event', (message) => json(message)['id'] === 'another');
    await red.deploy(EMPTY);
    await expect.poll(() => broker.clients(), { timeout: 20_000 }).toEqual([]);
  });

  test('what waits for a broker that is away outlives a restart, and arrives once, in order', async () => {
    const away = await startBroker();
    const { port } = away;
    await away.close();
    const flow = sinkFlow(brokerNode({ url: `mqtt://127.0.0.1:${port}` }));
    await red.deploy(flow);
    for (let seq = 0; seq < 20; seq++)
      red.send('mo1', { payload: anEvent({ seq, type: seq === 0 ? 'new' : 'update' }) });
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === 'mo1').length === 20,
    );
    await badge('mo1', 'sending');
    expect(await failure()).toMatch(/mqtt: /);
    await red.deploy(EMPTY);

    const back = await startBroker({ port });
    await red.deploy(flow);
    await back.waitFor(({ payload }) => payload.toString().includes('"seq":19'), 30_000);
    const seqs = back.messages
      .filter(({ topic }) => topic.endsWith('/camera/drive/event'))
      .map((message) => json(message)['seq']);
    expect(seqs).toEqual(Array.from({ length: 20 }, (_, seq) => seq));
    await red.deploy(EMPTY);
    await back.close();
  });

  test('a wrong password is told to Catch and on the badge, without the password', async () => {
    const guarded = await startBroker({ credentials: { username: 'eyes', password: 'right-word' } });
    const credentials = { username: 'eyes', password: 'wr0ng-word' };
    await red.deploy(sinkFlow(brokerNode({ url: guarded.url, credentials })));
    expect(await failure()).toMatch(/user|password|authori/i);
    await badge('mo1', 'offline');
    expect(JSON.stringify([red.deliveries.all, red.statuses.all])).not.toContain('wr0ng-word');

    await red.deploy(
      sinkFlow(brokerNode({ url: guarded.url, credentials: { ...credentials, password: 'right-word' } })),
    );
    await badge('mo1', 'connected');
    red.send('mo1', { payload: anEvent() });
    await guarded.waitFor(({ topic }) => topic === `${place}/camera/drive/event`, 20_000);
    await red.deploy(EMPTY);
    await guarded.close();
  });

  test.each([
    { name: 'no gateway', flow: () => sinkFlow(mqttOut({ gateway: 'gone' })), says: 'choose a gateway' },
    { name: 'no broker', flow: () => sinkFlow(gateway({ broker: '' })), says: 'choose a broker' },
    { name: 'no address', flow: () => sinkFlow(brokerNode({ url: 'localhost' })), says: 'url' },
    { name: 'a wrong name', flow: () => sinkFlow(gateway({ name: 'My House' })), says: 'name' },
    { name: 'no name', flow: () => sinkFlow(gateway({ name: '' })), says: 'name' },
    { name: 'no base topic', flow: () => sinkFlow(gateway({ baseTopic: '' })), says: 'base_topic' },
    { name: 'no days', flow: () => sinkFlow(gateway({ eventsDays: '0' })), says: 'events_days' },
    { name: 'a folder elsewhere', flow: () => sinkFlow(gateway({ folder: '../../etc' })), says: 'folder' },
    {
      name: 'a certificate that is missing',
      flow: () => sinkFlow(brokerNode({ url: 'mqtts://127.0.0.1', ca: 'no.pem' })),
      says: 'no.pem',
    },
  ])('$name: badge and Catch say so, Node-RED goes on', async ({ flow, says }) => {
    await red.deploy(flow());
    await badge('mo1', 'settings');
    red.send('mo1', { payload: anEvent() });
    expect(await failure()).toContain(says);
    await red.completions.waitUntil(
      () => red.completions.all.filter(({ node }) => node === 'mo1').length === 1,
    );
  });

  test.each([
    { name: 'a text', payload: 'a person, I think', says: 'Wire the outputs of track' },
    { name: 'boxes of detect', payload: [], says: 'Wire the outputs of track' },
    { name: 'an event with a changed field', payload: { ...anEvent(), label: 7 }, says: 'label' },
    {
      name: 'a state of camera in',
      payload: { camera: 'a', state: 'online', reason: 'frames', since: '2026-11-24T08:22:54.123Z' },
      says: 'second output of track',
    },
  ])('$name is no event, and says so', async ({ payload, says }) => {
    await red.deploy(sinkFlow());
    red.send('mo1', { payload });
    expect(await failure()).toContain(says);
    await badge('mo1', 'no-event');
  });
});

describe('track with a gateway', () => {
  test('is of the first version as it was saved: no gateway node, its own name', async () => {
    const { gatewayNode: _, ...old } = track({ version: 1, wires: [['events']] });
    await red.deploy([
      ...wholeFlow().filter(({ id }) => !['tr1', 'g1', 'b1', 'mo1'].includes(id)),
      old as FlowNode,
    ]);
    const { msg } = await red.deliveries.waitFor(({ to }) => to === 'events', 40_000);
    expect(msg['payload']).toMatchObject({ type: 'new', gateway: 'home' });
  });

  test('of a later version than this Falconet knows is refused, and says so', async () => {
    await red.deploy([TAB, track({ version: 99 }), ...CATCH]);
    await badge('tr1', 'settings');
    red.send('tr1', { payload: [] });
    expect(await failure()).toMatch(/wire camera in|version 1 to 2, got 99/i);
  });

  test('without its gateway node says so', async () => {
    await red.deploy([...wholeFlow().filter(({ id }) => id !== 'g1')]);
    await badge('tr1', 'settings');
    expect(await failure()).toContain('choose a gateway');
  });
});

test.each([
  { id: 'in1', user: 'in1' },
  { id: CAMERA.id, user: 'in1' },
  { id: 'd1', user: 'd1' },
  { id: MODEL.id, user: 'd1' },
  { id: 'mo1', user: 'mo1' },
  { id: 'b1', user: 'mo1' },
  { id: 'g1', user: 'mo1' },
  { id: 'tr1', user: 'tr1' },
])(
  '$id, saved by a newer Falconet, is refused with what to do, and nothing else is harmed',
  async ({ id, user }) => {
    await red.deploy(wholeFlow().map((one) => (one.id === id ? { ...one, version: 99 } : one)));
    await badge(user, 'settings');
    red.send(user, { payload: user === 'mo1' ? anEvent() : [], frame: undefined });
    await red.deliveries.waitUntil(
      () =>
        red.deliveries.all.some(({ to, msg }) => to === 'failed' && JSON.stringify(msg).includes('got 99')),
      20_000,
    );
  },
);

describe('file out', () => {
  const fileOut = (changes: object = {}): FlowNode =>
    node('fo1', 'falconet-file-out', {
      path: 'events.jsonl',
      images: true,
      version: 1,
      wires: [],
      ...changes,
    });

  test('writes lines and pictures of the demo clip, and a Complete node hears of each', async () => {
    const folder = tempFolder();
    const flow = wholeFlow().map((one) =>
      one.id === 'mo1' ? fileOut({ id: 'mo1', path: `${folder}/%Y.jsonl` }) : one,
    );
    const done = node('done1', 'complete', { scope: ['mo1'], uncaught: false, wires: [['written']] });
    await red.deploy([...flow, done, debug('written')]);
    const { msg } = await red.deliveries.waitFor(
      ({ to, msg }) => to === 'written' && (msg['payload'] as { schema?: string }).schema !== undefined,
      40_000,
    );
    const { time, image } = eventSchema.parse(msg['payload']);
    const [line = ''] = (await readFile(join(folder, `${new Date(time).getFullYear()}.jsonl`), 'utf8')).split(
      '\n',
    );
    expect(eventSchema.parse(JSON.parse(line))).toMatchObject({ camera: 'room', type: 'new' });
    const jpeg = await readFile(join(folder, 'images', image?.ref ?? ''));
    expect(jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(red.deliveries.all.filter(({ to }) => to === 'failed')).toEqual([]);
  });

  test('what cannot be written goes to Catch with the file, and the next is tried again', async () => {
    const folder = tempFolder();
    await red.deploy([TAB, fileOut({ path: `${folder}/file/events.jsonl`, images: false }), ...CATCH]);
    await writeFile(join(folder, 'file'), 'in the way');
    red.send('fo1', { payload: anEvent() });
    expect(await failure()).toMatch(/events\.jsonl: EEXIST/);
    await badge('fo1', 'not-written');
    await rm(join(folder, 'file'));
    red.send('fo1', { payload: anEvent({ seq: 1 }) });
    await badge('fo1', /^drive: person$/);
    expect(await readFile(join(folder, 'file/events.jsonl'), 'utf8')).toContain('"seq":1');
    expect(red.completions.all.filter(({ node }) => node === 'fo1')).toHaveLength(2);
  });

  test('a wrong path of a hand-written flow is named', async () => {
    await red.deploy([TAB, fileOut({ path: 'events-%q.jsonl' }), ...CATCH]);
    await badge('fo1', 'settings');
    red.send('fo1', { payload: anEvent() });
    expect(await failure()).toContain('placeholders');
  });
});

test('the example gateway tells the broker and the file the same events', async () => {
  const folder = tempFolder();
  const text = await readFile(join(packageRoot, 'examples/flows/gateway.json'), 'utf8');
  const flow: FlowNode[] = JSON.parse(text.replace('falconet-events/%Y-%m-%d', `${folder}/events`));
  await red.deploy(flow.map((one) => (one.type === 'falconet-broker' ? { ...one, url: broker.url } : one)));
  const { payload } = await broker.waitFor(({ topic }) => topic === 'falconet/camera/room/event', 40_000);
  const told = eventSchema.parse(JSON.parse(payload.toString()));
  await red.deploy(EMPTY);
  const [line = ''] = (await readFile(join(folder, 'events.jsonl'), 'utf8')).split('\n');
  expect(JSON.parse(line)).toEqual({ ...told, late_s: expect.any(Number) });
});

describe('redeploys', () => {
  test.runIf(process.platform === 'linux')(
    'ten deploys of all of it leave one of each, and the last nothing within 5 s',
    async () => {
      const below = (part: RegExp) =>
        (processesBelow() ?? []).filter(({ commandLine }) => part.test(commandLine.join(' '))).length;
      const running = () => ({
        engines: below(/engine-process/),
        ffmpegs: below(/ nut( |$)/),
        clients: broker.clients().length,
      });
      for (let turn = 0; turn < 10; turn++) {
        await red.deploy(
          wholeFlow().map((one) => (one.id === 'tr1' ? { ...one, name: `turn ${turn}` } : one)),
        );
      }
      await published('camera/room/event');
      await expect.poll(running).toEqual({ engines: 1, ffmpegs: 1, clients: 1 });
      await red.deploy(EMPTY);
      await expect.poll(running, { timeout: 5_000 }).toEqual({ engines: 0, ffmpegs: 0, clients: 0 });
    },
  );

  test.each(['full', 'flows', 'nodes'] as const)(
    '%s: each event that came in is told once, and nobody is left',
    async (type) => {
      await red.deploy(sinkFlow());
      await badge('mo1', 'connected');
      for (let seq = 0; seq < 5; seq++) red.send('mo1', { payload: anEvent({ seq }) });
      await red.deploy(
        sinkFlow().map((one) => (one.id === 'mo1' ? { ...one, name: 'changed' } : one)),
        type,
      );
      for (let seq = 5; seq < 10; seq++) red.send('mo1', { payload: anEvent({ seq }) });
      await published('camera/drive/event', (message) => json(message)['seq'] === 9);
      expect(sentEvents().map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await red.deploy(EMPTY);
      await expect.poll(() => broker.clients(), { timeout: 20_000 }).toEqual([]);
    },
  );
});
