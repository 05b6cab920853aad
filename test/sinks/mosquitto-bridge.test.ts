import type { IPublishPacket } from 'mqtt';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Desk } from '../../src/core/desk.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { aBridgeInfo, aCameraInfo } from '../helpers/bridge.ts';
import { idleDesk } from '../helpers/desk.ts';
import { anEvent } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../helpers/mosquitto.ts';
import { payloadFault } from '../helpers/payload-schemas.ts';
import { deviceRules } from './homeassistant/rules.ts';

const listeners = { plain: {}, mute: { mayWrite: ['falconet/#'] } } as const;
const DRIVE = 'homeassistant/device/falconet_home__drive/config';

let broker: Mosquitto<keyof typeof listeners>;
let closers: (() => Promise<void>)[];
let lines: string[];
beforeAll(async () => {
  if (mosquittoPath() !== undefined) broker = await startMosquitto({ listeners });
});
afterAll(() => broker?.close());
beforeEach((context) => {
  if (mosquittoPath() === undefined) skipFor(context, 'mosquitto is not installed');
  [closers, lines] = [[], []];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
});

function open(
  desk: Desk,
  {
    listener = 'plain',
    requests = true,
    gateway = 'home',
  }: { listener?: keyof typeof listeners; requests?: boolean; gateway?: string } = {},
) {
  const write = (_: unknown, sentence: string) => void lines.push(sentence);
  const log = { debug: write, info: write, warn: write, error: write };
  const sink = mqttSink({
    ...{ url: broker.url(listener), gateway, reconnectMs: 20, log },
    ...{ desk, homeassistant: true, requests },
  });
  closers.push(() => sink.close());
  return sink;
}

test('a Home Assistant that comes later finds each device, by its rules, and what the gateway is', async () => {
  open(idleDesk());
  const topics = await broker.kept('plain', (all) => all.has(DRIVE) && all.has('falconet/bridge/health'));
  const devices = [...topics].filter(([topic]) => topic.startsWith('homeassistant/'));
  expect(devices.map(([topic]) => topic).sort()).toEqual([
    'homeassistant/device/falconet_home/config',
    DRIVE,
  ]);
  for (const [, payload] of devices)
    expect(deviceRules.safeParse(JSON.parse(`${payload}`)).error?.issues ?? []).toEqual([]);
  const ours = [...topics].filter(([topic]) => topic.startsWith('falconet/'));
  expect(ours.flatMap(([topic, payload]) => payloadFault(topic, payload) ?? [])).toEqual([]);
  expect(ours.map(([topic]) => topic)).toContain('falconet/camera/drive/detect/state');
});

test('a zone that went while the gateway was stopped is taken back from Home Assistant', async () => {
  const first = open(idleDesk());
  await broker.kept('plain', (all) => all.get(DRIVE)?.includes('zone.gate.occupied') === true);
  await first.close();
  const packets = await broker.listen('plain');
  open(idleDesk(aBridgeInfo({ cameras: { drive: aCameraInfo({ zones: {} }) } })));
  const told = () =>
    packets.filter(({ topic, retain }) => topic === DRIVE && retain).map(({ payload }) => `${payload}`);
  const removal = '"zone.gate.occupied":{"platform":"binary_sensor"}';
  const isRemoval = (text: string) => text.includes(removal);
  await vi.waitFor(() => expect(told().some(isRemoval)).toBe(true), 10_000);
  await vi.waitFor(() => expect(told().at(-1)).not.toContain('zone.gate'), 10_000);
});

test('with MQTT 5 the answer comes to the topic that was asked for, with what it is known by', async () => {
  open(idleDesk());
  await broker.kept('plain', (all) => all.has('falconet/bridge/info'));
  const client = await connectAsync(broker.url('plain'), { protocolVersion: 5 });
  closers.push(() => client.endAsync());
  await client.subscribeAsync('me/answers', { qos: 1 });
  const answered = new Promise<IPublishPacket>((resolve) =>
    client.on('message', (_, __, packet) => resolve(packet)),
  );
  const correlationData = Buffer.from([0, 1, 255]);
  await client.publishAsync('falconet/bridge/request/health', '', {
    qos: 1,
    properties: { responseTopic: 'me/answers', correlationData },
  });
  const { payload, properties } = await answered;
  expect(properties).toMatchObject({ correlationData, contentType: 'application/json' });
  expect(JSON.parse(payload.toString())).toMatchObject({
    status: 'ok',
    data: { schema: 'falconet/bridge-health/1' },
  });
});

test('a broker that lets the gateway read nothing costs the requests, not the events', async () => {
  const packets = await broker.listen('plain');
  await open(idleDesk(), { listener: 'mute' }).write({ event: anEvent() });
  await vi.waitFor(
    () => expect(packets.map(({ topic }) => topic)).toContain('falconet/camera/drive/event'),
    10_000,
  );
});

test('after the broker was killed and came back all stands there again, and requests are heard', async () => {
  open(idleDesk());
  await broker.kept('plain', (all) => all.has(DRIVE));
  await broker.kill();
  await broker.start();
  await broker.kept(
    'plain',
    (all) => all.has(DRIVE) && all.has('falconet/bridge/info') && all.has('falconet/bridge/state'),
  );
  const client = await connectAsync(broker.url('plain'), { protocolVersion: 5 });
  closers.push(() => client.endAsync());
  await client.subscribeAsync('falconet/bridge/response/#', { qos: 1 });
  const answered = new Promise<string>((resolve) => client.on('message', (topic) => resolve(topic)));
  await client.publishAsync('falconet/bridge/request/health', '', { qos: 1 });
  expect(await answered).toBe('falconet/bridge/response/health');
});

test('two gateways on one base topic are told, each in its own log', async () => {
  open(idleDesk());
  await broker.kept('plain', (all) => all.has('falconet/bridge/info'));
  open(idleDesk(aBridgeInfo({ gateway: 'hut', instance: 'other' })), { gateway: 'hut' });
  const sentence = 'mqtt: another gateway says what it is on the same base topic';
  await vi.waitFor(() => expect(lines.filter((line) => line === sentence)).toHaveLength(2), 10_000);
});

test('a message too large for any request does not reach the gateway with MQTT 5, and does it no harm', async () => {
  open(idleDesk());
  await broker.kept('plain', (all) => all.has('falconet/bridge/info'));
  const client = await connectAsync(broker.url('plain'), { protocolVersion: 5 });
  closers.push(() => client.endAsync());
  await client.subscribeAsync('falconet/bridge/response/#', { qos: 1 });
  const answers: string[] = [];
  client.on('message', (_, payload) => answers.push(payload.toString()));
  await client.publishAsync('falconet/bridge/request/health', Buffer.alloc(2_000_000, ' '), { qos: 1 });
  await client.publishAsync('falconet/bridge/request/health', Buffer.alloc(100_000, ' '), { qos: 1 });
  await client.publishAsync('falconet/bridge/request/health', '{"transaction":3}', { qos: 1 });
  await vi.waitFor(() => expect(answers).toHaveLength(2), 10_000);
  expect(answers[0]).toContain('expected at most 4096 bytes');
  expect(JSON.parse(answers[1] ?? '')).toMatchObject({ status: 'ok', transaction: 3 });
  expect(lines.filter((line) => line.includes('lost') || line.includes('connected'))).toEqual([
    'mqtt: connected',
  ]);
});

test('a gateway that is to hear no requests does not hear them', async () => {
  const packets = await broker.listen('plain');
  open(idleDesk(), { requests: false });
  await broker.kept('plain', (all) => all.has(DRIVE) && all.get(DRIVE)?.includes('command_topic') === false);
  const client = await connectAsync(broker.url('plain'), { protocolVersion: 5 });
  closers.push(() => client.endAsync());
  await client.publishAsync('falconet/bridge/request/health', '', { qos: 1 });
  await client.publishAsync('homeassistant/status', 'online', { qos: 1 });
  const again = () => packets.filter(({ topic, payload }) => topic === DRIVE && payload.length > 0);
  const before = again().length;
  await vi.waitFor(() => expect(again().length).toBeGreaterThan(before), 10_000);
  expect(packets.filter(({ topic }) => topic.startsWith('falconet/bridge/response/'))).toEqual([]);
});
