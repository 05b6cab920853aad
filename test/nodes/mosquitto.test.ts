import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { eventSchema } from '../../src/core/schema/event.ts';
import { anEvent } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../helpers/mosquitto.ts';
import { payloadFault } from '../helpers/payload-schemas.ts';
import { deviceRules } from '../sinks/homeassistant/rules.ts';
import { CAMERA, CATCH, cameraIn, debug, detect, EMPTY, MODEL, node, TAB } from './flow-nodes.ts';
import { type FlowNode, startNodeRed, type TestNodeRed } from './node-red.ts';

vi.setConfig({ testTimeout: 120_000 });

let red: TestNodeRed;
let broker: Mosquitto<'plain'>;

beforeAll(async () => {
  if (mosquittoPath() === undefined) return;
  broker = await startMosquitto({ listeners: { plain: {} } });
  red = await startNodeRed();
});
afterAll(async () => {
  await red?.close();
  await broker?.close();
});
beforeEach(async (context) => {
  if (mosquittoPath() === undefined) skipFor(context, 'mosquitto is not installed');
  await red.deploy(EMPTY);
  red.forget();
});

/** The demo clip up to the broker. */
function wholeFlow({ name = 'house', homeassistant = false } = {}): FlowNode[] {
  const fields = { name, baseTopic: 'falconet', broker: 'b1', folder: 'house', version: 2 };
  const kept = { eventsDays: '', eventsGb: '', outboxHours: '1' };
  const rules = {
    labels: { person: {} },
    zones: { floor: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] } }, // biome-ignore format: a square
  };
  return [
    TAB,
    CAMERA,
    MODEL,
    { id: 'g1', type: 'falconet-gateway', ...fields, ...kept, homeassistant },
    { id: 'b1', type: 'falconet-broker', name: '', url: broker.url('plain'), protocol: 'auto', version: 1 },
    cameraIn({ wires: [['d1'], ['tr1']] }),
    detect({ wires: [['tr1']] }),
    node('tr1', 'falconet-track', { gateway: '', gatewayNode: 'g1', rules, version: 2, wires: [['mo1'], ['mo1']] }), // biome-ignore format: a row
    node('mo1', 'falconet-mqtt-out', { gateway: 'g1', version: 1, wires: [] }),
    debug('seen'),
    ...CATCH,
  ];
}

/** A flow has to load its model before all stands there. */
const kept = (isWhole: Parameters<typeof broker.kept>[1]) => broker.kept('plain', isWhole, 30_000);

const DEVICE = 'homeassistant/device/falconet_house';

test('Home Assistant is told of the gateway and of each camera, and what went is taken back', async () => {
  const before = await connectAsync(broker.url('plain'), { protocolVersion: 5 });
  const gone = {
    device: { identifiers: ['falconet.house.shed'] },
    components: { fps: { platform: 'sensor' } },
  };
  await before.publishAsync(`${DEVICE}__shed/config`, JSON.stringify(gone), { qos: 1, retain: true });
  await before.endAsync();

  await red.deploy(wholeFlow({ homeassistant: true }));
  const topics = await kept((all) => all.has(`${DEVICE}__room/config`) && !all.has(`${DEVICE}__shed/config`));
  const devices = [...topics].filter(([topic]) => topic.startsWith('homeassistant/'));
  expect(devices.map(([topic]) => topic).sort()).toEqual([`${DEVICE}/config`, `${DEVICE}__room/config`]);
  for (const [, payload] of devices) {
    const text = payload.toString();
    expect(deviceRules.safeParse(JSON.parse(text)).error?.issues ?? []).toEqual([]);
    expect(text).not.toContain('command_topic'); // a flow takes no requests
  }
  const { components } = JSON.parse(`${topics.get(`${DEVICE}__room/config`)}`);
  expect(Object.keys(components)).toEqual(
    expect.arrayContaining(['connection', 'count.person', 'zone.floor.occupied', 'image.person']),
  );
  const ours = [...topics].filter(([topic]) => topic.startsWith('falconet/'));
  expect(ours.flatMap(([topic, payload]) => payloadFault(topic, payload) ?? [])).toEqual([]);
  expect(JSON.parse(`${topics.get('falconet/bridge/info')}`)).toMatchObject({
    gateway: 'house',
    cameras: { room: { labels: ['person'], zones: { floor: { labels: ['person'] } } } },
  });

  const without = wholeFlow({ homeassistant: true }).filter(({ id }) => id !== 'tr1');
  await red.deploy(without, 'nodes');
  await kept((all) => all.has(`${DEVICE}/config`) && !all.has(`${DEVICE}__room/config`));
});

test('Home Assistant hears nothing of a gateway that is not to tell it', async () => {
  const packets = await broker.listen('plain');
  await red.deploy(wholeFlow({ name: 'hut' }));
  await kept((all) => all.get('falconet/bridge/info')?.includes('"hut"') === true);
  const topics = packets.map(({ topic }) => topic);
  expect(topics.filter((topic) => topic.includes('/falconet_hut'))).toEqual([]);
});

test('a broker that is killed and comes back gets each event of the flow, in order', async () => {
  await red.deploy(wholeFlow().filter(({ id }) => id !== 'in1'));
  const packets = await broker.listen('plain');
  await red.statuses.waitFor(({ node, text }) => node === 'mo1' && text.endsWith('connected'), 20_000);
  const send = (seq: number): void =>
    red.send('mo1', { payload: anEvent({ seq, type: seq === 0 ? 'new' : 'update' }) });
  const seqs = (): number[] => [
    ...new Set(
      packets
        .filter(({ topic }) => topic === 'falconet/camera/drive/event')
        .map(({ payload }) => eventSchema.parse(JSON.parse(payload.toString())).seq),
    ),
  ];
  for (let seq = 0; seq < 10; seq++) send(seq);
  // What mosquitto takes after it was saved dies with it, acknowledged or not.
  await vi.waitFor(() => expect(seqs()).toHaveLength(10), 30_000);
  await broker.save();
  await broker.kill();
  for (let seq = 10; seq < 20; seq++) send(seq);
  await broker.start();
  await vi.waitFor(() => expect(seqs()).toEqual(Array.from({ length: 20 }, (_, seq) => seq)), 30_000);
});
