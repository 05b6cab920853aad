import { join } from 'node:path';
import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LoadedConfig, parseConfig } from '../../src/config/load.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { bridgeHealthSchema, bridgeInfoSchema } from '../../src/core/schema/bridge.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { requestSchemas } from '../../src/core/schema/request.ts';
import { type Gateway, startGateway } from '../../src/daemon/gateway.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { payloadFault, schemaOf } from '../helpers/payload-schemas.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const SOON = { timeout: 20_000, interval: 50 };
const PASSWORD = 's3cret:pass';

// Each starts a whole gateway, some more than once.
vi.setConfig({ testTimeout: 90_000 });

let broker: TestBroker;
let client: MqttClient;
let folder: string;
let gateway: Gateway | undefined;
let next: LoadedConfig;
let levels: string[];
let lines: [facts: Readonly<Record<string, unknown>>, sentence: string][];
/** What a new client would get, by topic. */
let retained: () => Map<string, string>;

beforeEach(async () => {
  broker = await startBroker();
  client = await connectAsync(broker.url);
  folder = tempFolder();
  levels = [];
  lines = [];
  retained = () => {
    const all = new Map<string, string>();
    for (const { topic, payload, retain } of broker.messages) {
      if (!retain) continue;
      if (payload.length === 0) all.delete(topic);
      else all.set(topic, payload.toString());
    }
    return all;
  };
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  client.end(true);
  await broker.close();
});

const DRIVE = `drive: { source: ${JSON.stringify(CLIP)}, loop: true, labels: { person: { score: 0.5 } }, zones: { gate: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] } } }`;
const YARD = `yard: { source: ${JSON.stringify(CLIP)}, loop: true, username: viewer, password: "${PASSWORD}" }`;

function config(cameras = [DRIVE, YARD], model = 'processes: 1', more = ''): LoadedConfig {
  const mqtt = `mqtt: { url: "${broker.url}", username: falconet, password: "${PASSWORD}", homeassistant: true, detections: true${more} }`;
  const text = `${mqtt}\nmodel: { ${model} }\ncameras:\n  ${cameras.join('\n  ')}\n`;
  return parseConfig(text, { name: 'test', folder, environment: {} });
}

async function start(loaded = config()): Promise<Gateway> {
  next = loaded;
  const write: Log['info'] = (facts, sentence) => void lines.push([facts, sentence]);
  gateway = await startGateway({
    loaded,
    log: { ...silentLog, info: write, warn: write },
    reread: async () => next,
    setLogLevel: (level) => void levels.push(level),
  });
  return gateway;
}

const stands = (topic: string, text: string) =>
  vi.waitFor(() => expect(retained().get(topic) ?? '').toContain(text), SOON);
const isOnline = (camera: string) => stands(`falconet/camera/${camera}/state`, '"online"');

async function ask(verb: string, body: object = {}) {
  const transaction = Math.random();
  const topic = `falconet/bridge/request/${verb}`;
  await client.publishAsync(topic, JSON.stringify({ ...body, transaction }), { qos: 1 });
  const { payload } = await broker.waitFor(
    (message) =>
      message.topic === `falconet/bridge/response/${verb}` && message.payload.includes(String(transaction)),
    20_000,
  );
  return JSON.parse(payload.toString()) as { status: string; data: Record<string, unknown>; error?: string };
}
/** Why it was in each state that it was told in: on a busy machine it may stall, but only who stops it makes it stop. */
const reasonsOf = (camera: string): string[] =>
  broker.messages
    .filter(({ topic }) => topic === `falconet/camera/${camera}/state`)
    .map(({ payload }) => JSON.parse(payload.toString()).reason);

test('one YAML gives a Home Assistant user its devices, and a gateway that says what it is, without a password', async () => {
  await start();
  await Promise.all([
    isOnline('drive'),
    stands('homeassistant/device/falconet_home__yard/config', 'falconet'),
  ]);
  await stands('falconet/bridge/health', 'falconet');
  const topics = [...retained().keys()].filter((topic) => topic.startsWith('homeassistant/')).sort();
  expect(topics).toEqual([
    'homeassistant/device/falconet_home/config',
    'homeassistant/device/falconet_home__drive/config',
    'homeassistant/device/falconet_home__yard/config',
  ]);
  const info = bridgeInfoSchema.parse(JSON.parse(retained().get('falconet/bridge/info') ?? ''));
  expect(info).toMatchObject({
    gateway: 'home',
    cameras: { drive: { thresholds: { person: 0.5 }, overridden: [] } },
  });
  expect(info.configuration).toMatchObject({ mqtt: { password: '***' } });
  bridgeHealthSchema.parse(JSON.parse(retained().get('falconet/bridge/health') ?? ''));
  expect(broker.messages.map(({ payload }) => payload.toString()).join('')).not.toContain(PASSWORD);
});

test('Home Assistant hears all again when it starts', async () => {
  await start();
  await stands('homeassistant/device/falconet_home__yard/config', 'falconet.home.yard');
  const count = () => broker.messages.filter(({ topic }) => topic.startsWith('homeassistant/device/')).length;
  const before = count();
  await client.publishAsync('homeassistant/status', 'online', { qos: 1 });
  await vi.waitFor(() => expect(count()).toBe(before + 3), SOON);
});

test('a camera is switched off and on, its neighbour goes on untouched, and a restart forgets nothing', async () => {
  const running = await start();
  await Promise.all([isOnline('drive'), isOnline('yard')]);
  const set = (name: string, value: string) =>
    client.publishAsync(`falconet/camera/drive/${name}/set`, value, { qos: 1 });
  await set('enabled', 'OFF');
  await stands('falconet/camera/drive/enabled/state', 'OFF');
  await stands('falconet/camera/drive/state', 'switched-off');
  await set('threshold/person', '0.75');
  await stands('falconet/camera/drive/threshold/person/state', '0.75');
  expect(reasonsOf('yard')).not.toContain('stopped');

  await running.close();
  const before = broker.messages.length;
  await start();
  await isOnline('yard');
  const later = broker.messages.slice(before).filter(({ topic }) => topic === 'falconet/camera/drive/state');
  expect(later.map(({ payload }) => JSON.parse(payload.toString()).reason)).not.toContain('frames');
  const info = bridgeInfoSchema.parse(JSON.parse(retained().get('falconet/bridge/info') ?? ''));
  expect(info.cameras['drive']).toMatchObject({
    switches: { enabled: false, detect: true },
    thresholds: { person: 0.75 },
    overridden: ['enabled', 'threshold/person'],
  });
  await set('enabled', 'ON');
  await isOnline('drive');
});

test('a camera that was switched off runs where nothing could switch it on again, and the log says at each start what is switched', async () => {
  const running = await start(config([DRIVE]));
  const said = () =>
    lines.flatMap(([{ switches }, sentence]) =>
      /switched/.test(sentence) && switches ? [[switches, sentence]] : [],
    );
  await isOnline('drive');
  await client.publishAsync('falconet/camera/drive/enabled/set', 'OFF', { qos: 1 });
  await stands('falconet/camera/drive/state', 'switched-off');
  await running.close();

  lines = [];
  const deaf = await start(config([DRIVE], 'processes: 1', ', requests: false'));
  await isOnline('drive');
  await stands('falconet/bridge/info', '"overridden":[]');
  const switches = { drive: { enabled: false } };
  expect(said()).toEqual([[switches, expect.stringContaining('not in force')]]);

  lines = [];
  next = config([DRIVE]);
  await deaf.reload();
  await stands('falconet/camera/drive/state', 'switched-off');
  expect(said()).toEqual([[switches, expect.stringContaining('wins over the configuration')]]);
});

test('with detection off pictures come and nothing is looked at', async () => {
  await start(config([DRIVE]));
  await isOnline('drive');
  await client.publishAsync('falconet/camera/drive/detect/set', 'OFF', { qos: 1 });
  await stands('falconet/camera/drive/detect/state', 'OFF');
  const frames = async () => {
    const { data } = await ask('health');
    const { cameras } = bridgeHealthSchema.parse(data);
    return cameras['drive']?.frames;
  };
  await vi.waitFor(async () => {
    await ask('camera/snapshot', { camera: 'drive' });
    await gateway?.reload(); // tells the states again
    expect(await frames()).toMatchObject({ looked: 0, dropped: { off: expect.any(Number) } });
  }, SOON);
});

test('all cameras may be switched off: the gateway goes on', async () => {
  const running = await start(config([DRIVE]));
  await isOnline('drive');
  expect(await ask('camera/disable', { camera: 'drive' })).toMatchObject({ status: 'ok' });
  const refused = { status: 'error', error: 'drive: expected a camera that runs' };
  expect(await ask('camera/snapshot', { camera: 'drive' })).toMatchObject(refused);
  expect(await ask('restart', { camera: 'drive' })).toMatchObject(refused);
  expect(await Promise.race([running.finished, Promise.resolve('runs')])).toBe('runs');
  expect(await ask('camera/enable', { camera: 'drive' })).toMatchObject({ status: 'ok' });
  await isOnline('drive');
});

test('a snapshot is a JPEG of now, and its answer says where it is', async () => {
  await start(config([DRIVE]));
  await isOnline('drive');
  const { data } = await ask('camera/snapshot', { camera: 'drive' });
  expect(data).toMatchObject({
    camera: 'drive',
    topic: 'falconet/camera/drive/snapshot',
    width: 640,
    height: 360,
  });
  const picture = broker.messages.find(({ topic }) => topic === data['topic']);
  expect(picture?.payload.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(picture?.retain).toBe(false);
});

test('a reload that takes a zone and a camera away takes their entities back', async () => {
  await start();
  const drive = 'homeassistant/device/falconet_home__drive/config';
  await stands(drive, '"zone.gate.occupied":{');
  await stands('homeassistant/device/falconet_home__yard/config', 'falconet.home.yard');
  next = config([DRIVE.replace(/, zones: .*$/, ' }')]);
  expect((await ask('reload')).data['changed']).toEqual(['cameras.drive', 'cameras.yard']);
  await vi.waitFor(() => expect(retained().get(drive)).not.toContain('zone.gate'), SOON);
  const removal = broker.messages.find(({ payload }) =>
    payload.includes('"zone.gate.occupied":{"platform":"binary_sensor"}'),
  );
  expect(removal?.topic).toBe(drive);
  expect(retained().has('homeassistant/device/falconet_home__yard/config')).toBe(false);
});

test('what is asked for is done: thresholds all or none, a restart of one or of all, another log level', async () => {
  await start();
  await Promise.all([isOnline('drive'), isOnline('yard')]);
  const wrong = { camera: 'drive', labels: { person: 0.9, car: 0.5 } };
  expect(await ask('thresholds', wrong)).toMatchObject({ status: 'error', error: /./ });
  expect(retained().get('falconet/camera/drive/threshold/person/state')).toBe('0.5');
  expect(await ask('thresholds', { camera: 'drive', labels: { person: 0.9 } })).toMatchObject({
    status: 'ok',
  });
  expect(retained().get('falconet/camera/drive/threshold/person/state')).toBe('0.9');
  expect(await ask('thresholds', { camera: 'drive', labels: { person: null } })).toMatchObject({
    status: 'ok',
  });
  expect(retained().get('falconet/camera/drive/threshold/person/state')).toBe('0.5');

  expect(reasonsOf('drive')).not.toContain('stopped');

  const yard = reasonsOf('yard').length;
  expect(await ask('restart', { camera: 'drive' })).toMatchObject({
    status: 'ok',
    data: { camera: 'drive' },
  });
  await isOnline('drive');
  expect(reasonsOf('yard').slice(yard)).not.toContain('stopped');
  expect(await ask('restart', { camera: 'nowhere' })).toMatchObject({
    status: 'error',
    error: 'expected a camera of this gateway: drive, yard',
  });
  expect(await ask('restart')).toMatchObject({ status: 'ok', data: {} });
  await vi.waitFor(() => expect(reasonsOf('yard').slice(yard)).toContain('stopped'), SOON);
  await Promise.all([isOnline('drive'), isOnline('yard')]);

  expect(await ask('log-level', { level: 'debug' })).toMatchObject({ status: 'ok' });
  expect(levels).toEqual(['debug']);
  await stands('falconet/bridge/info', '"log_level":"debug"');
});

test('every payload of a run is as the schema that is published for it says', async () => {
  const line = 'lines: { kerb: { from: [0.5, 0], to: [0.5, 1] } }';
  const zone = 'polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], crowd: { count: 2 }';
  const labels = 'labels: { person: { score: 0.4 } }';
  const source = `source: ${JSON.stringify(CLIP)}, loop: true, record: ${JSON.stringify(CLIP)}`;
  await start(config([`drive: { ${source}, ${labels}, zones: { gate: { ${zone} } }, ${line} }`]));
  await isOnline('drive');
  await broker.waitFor(({ topic }) => topic === 'falconet/camera/drive/event', 30_000);
  await ask('camera/snapshot', { camera: 'drive' });
  await ask('health');
  await ask('no-such-verb');
  await ask('thresholds', { camera: 'drive', labels: { person: 0.45 } });
  await gateway?.close();
  const ours = broker.messages.filter(
    ({ topic }) => topic.startsWith('falconet/') && !topic.includes('no-such-verb'),
  );
  expect(ours.flatMap(({ topic, payload }) => payloadFault(topic, payload) ?? [])).toEqual([]);
  const seen = new Set(ours.map(({ topic }) => schemaOf(topic.slice('falconet/'.length))));
  expect([...seen].map(String).sort()).toEqual([
    ...['bridge-health-1', 'bridge-info-1', 'bridge-state-1', 'camera-state-1', 'count-1', 'event-1'],
    ...[
      'frame-detections-1',
      'line-count-1',
      'log-line-1',
      'on-off-1',
      'request-camera-snapshot-1',
      'request-health-1',
      'request-thresholds-1',
    ],
    ...['response-1', 'threshold-1', 'undefined'], // pictures have none
  ]);
});

test('a threshold holds for objects to come, and what is an event stays one', async () => {
  await start(config([DRIVE]));
  const events = () =>
    broker.messages
      .filter(({ topic }) => topic.endsWith('/event'))
      .map(({ payload }) => JSON.parse(`${payload}`));
  await vi.waitFor(() => expect(events().map(({ type }) => type)).toContain('new'), SOON);
  const [{ id }] = events();
  expect(await ask('thresholds', { camera: 'drive', labels: { person: 1 } })).toMatchObject({ status: 'ok' });
  const answeredAt = Date.now();
  const isLater = ({ type, id: of }: { type: string; id: string }) => type === 'end' && of === id;
  await vi.waitFor(() => expect(events().find(isLater)?.reason).toEqual(['lost']), {
    timeout: 40_000,
    interval: 50,
  });
  // A `new` that was decided before the answer may be published after it.
  const isNew = ({ type, time }: FalconetEvent) => type === 'new' && Date.parse(time) > answeredAt;
  expect(events().filter(isNew)).toEqual([]);
});

test('a flood of senseless requests and switches costs no camera a state, and later the gateway answers again', async () => {
  await start(config([DRIVE]));
  await isOnline('drive');
  const verbs = Object.keys(requestSchemas).filter((verb) => verb !== 'restart' && verb !== 'reload');
  const topics = [
    ...verbs.map((verb) => `falconet/bridge/request/${verb}`),
    ...['detect', 'threshold/person', 'power'].map((name) => `falconet/camera/drive/${name}/set`),
  ];
  const payload = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('{"camera":"yard"}'));
  const message = fc.tuple(fc.constantFrom(...topics), payload);
  const flood = fc.sample(message, { numRuns: 2_000, seed: 15 });
  await Promise.all(flood.map(([topic, text]) => client.publishAsync(topic, text, { qos: 1 })));
  const answers = () =>
    broker.messages.filter(({ topic }) => topic.startsWith('falconet/bridge/response/')).length;
  await vi.waitFor(
    async () => {
      await client.publishAsync('falconet/bridge/request/health', '{"transaction":"after"}', { qos: 1 });
      const isAfter = ({ payload: said }: { payload: Buffer }) => said.includes('"transaction":"after"');
      await broker.waitFor((one) => isAfter(one) && one.payload.includes('"status":"ok"'), 1_000);
    },
    { timeout: 20_000, interval: 500 },
  );
  expect(answers()).toBeLessThan(200);
  expect(reasonsOf('drive')).not.toContain('stopped');
});
