import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MqttSinkOptions, mqttSink } from '../../src/sinks/mqtt.ts';
import { slug } from '../../src/sinks/slug.ts';
import { type RecordedMessage, startBroker, type TestBroker } from '../helpers/broker.ts';
import { anEvent, anImage, aReport } from '../helpers/events.ts';
import { startWire } from '../helpers/wire.ts';
import { sinkContract } from './contract.ts';

const EVENTS = 'falconet/camera/drive/event';
const BRIDGE = 'falconet/bridge/state';
const CAMERA = 'falconet/camera/drive/state';
const WITHIN = { timeout: 10_000, interval: 20 };

let broker: TestBroker;
let closers: (() => Promise<void>)[];
let lines: [facts: string, sentence: string][];
beforeEach(async () => {
  broker = await startBroker();
  lines = [];
  closers = [];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  await broker.close();
});

function open(changes: Partial<MqttSinkOptions> = {}) {
  const write = (facts: unknown, sentence: string) => void lines.push([JSON.stringify(facts), sentence]);
  const sink = mqttSink({
    url: broker.url,
    gateway: 'home',
    reconnectMs: 20,
    log: { debug: write, info: write, warn: write, error: write },
    ...changes,
  });
  closers.push(() => sink.close());
  return sink;
}

const on = (topic: string) => (message: RecordedMessage) => message.topic === topic;
const says = (topic: string, text: string) => (message: RecordedMessage) =>
  message.topic === topic && message.payload.toString().includes(text);
const isOnline = () => broker.waitFor(says(BRIDGE, 'online'));
const eventSeqs = () =>
  broker.messages.filter(on(EVENTS)).map(({ payload }): number => JSON.parse(payload.toString()).seq);
const online = aReport({ fps: 4.987 });

sinkContract('mqtt', async () => ({
  sink: open(),
  async arrived(count) {
    await vi.waitFor(() => expect(broker.messages.filter(on(EVENTS))).toHaveLength(count), WITHIN);
    return broker.messages.filter(on(EVENTS)).map(({ payload }) => JSON.parse(payload.toString()));
  },
  breakPlace: () => broker.close(),
  tearDown: async () => {},
}));

describe('an event', () => {
  test('is acknowledged, not retained, and comes after its picture', async () => {
    const image = new Uint8Array([0, 1, 2, 3]).subarray(1);
    await open().write({ event: anEvent({ label: 'Traffic light' }), image });
    await broker.waitFor(on(EVENTS));
    const [picture, event] = broker.messages.filter(({ topic }) => topic.includes('/camera/'));
    expect(picture).toEqual({
      topic: 'falconet/camera/drive/image/traffic-light',
      payload: Buffer.from([1, 2, 3]),
      qos: 1,
      retain: true,
    });
    expect(event).toMatchObject({ topic: EVENTS, qos: 1, retain: false });
  });

  test('goes under the base topic of its gateway', async () => {
    await open({ baseTopic: 'house/falconet' }).write({ event: anEvent() });
    await broker.waitFor(on('house/falconet/camera/drive/event'));
  });

  test('tells how late it is: from its frame to its publishing', async () => {
    const now = Date.parse(anEvent().time) + 1234;
    await open({ clock: { now: () => now } }).write({ event: anEvent() });
    const { payload } = await broker.waitFor(on(EVENTS));
    expect(JSON.parse(payload.toString()).late_s).toBe(1.234);
  });
});

describe('a broker that is away', () => {
  test('though its connection stays is noticed by its silence and said, and nothing is lost when it speaks again', async () => {
    const wire = await startWire(broker.port);
    const url = `mqtt://127.0.0.1:${wire.port}`;
    const sink = open({ url, keepaliveS: 1, answerMs: 2_000 });
    await sink.write({ event: anEvent() });
    wire.silence();
    const written = sink.write({ event: anEvent({ seq: 1 }) });
    const sentences = () => lines.map(([, sentence]) => sentence);
    await vi.waitFor(() => expect(sentences()).toHaveLength(4), { timeout: 20_000 });
    expect(sentences()).toEqual([
      'mqtt: connected',
      'mqtt: the broker does not answer any more; trying again in the background',
      'mqtt: connection lost; what is to be sent waits',
      'mqtt: the broker took the connection and said nothing; trying again in the background',
    ]);
    wire.speak();
    await written;
    expect([...new Set(eventSeqs())]).toEqual([0, 1]);
    await sink.close();
    await wire.close();
  });

  test('at the start is no crash: the event waits, and the log says why once', async () => {
    broker.refuse(true);
    const absent = broker;
    const { port } = absent;
    await absent.close();
    const sink = open({ url: `mqtt://falconet:s3cret@127.0.0.1:${port}` });
    const written = sink.write({ event: anEvent() });
    await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
    broker = await startBroker({ port });
    await written;
    await isOnline();
    expect(lines.map(([, sentence]) => sentence)).toEqual([
      'mqtt: connection refused; trying again in the background',
      'mqtt: connected',
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/s3cret|falconet:/);
  });

  test('in between loses nothing, keeps the order, and states are told again', async () => {
    const sink = open();
    await sink.write({ event: anEvent({ seq: 0 }) });
    await sink.state?.(online);
    broker.refuse(true);
    const lost = 'mqtt: connection lost; what is to be sent waits';
    await vi.waitFor(() => expect(lines.map(([, sentence]) => sentence)).toContain(lost), WITHIN);
    await broker.waitFor(says(BRIDGE, 'offline'));
    const written = [1, 2, 3].map((seq) => sink.write({ event: anEvent({ seq }) }));
    await sink.state?.({ ...online, state: 'stalled', reason: 'timed-out' });
    const before = broker.messages.length;
    broker.refuse(false);
    await Promise.all(written);
    await broker.waitFor(says(EVENTS, '"seq":3'));
    await broker.waitFor(says(CAMERA, 'stalled'));
    expect(eventSeqs()).toEqual([0, 1, 2, 3]);
    const after = () => broker.messages.slice(before).filter(({ topic }) => topic.endsWith('/state'));
    await vi.waitFor(() => expect(after().map(({ topic }) => topic)).toContain(BRIDGE), WITHIN); // told late where it is heard
    expect(
      after()
        .map(({ topic }) => topic)
        .sort(),
    ).toEqual([BRIDGE, CAMERA]);
  });

  test('and that goes again while what it had not acknowledged is sent anew costs nothing that came meanwhile', async () => {
    const connack = Buffer.from('20020000', 'hex'); // MQTT 3.1.1, section 3.2
    const { promise: isSentAnew, resolve: setSentAnew } = Promise.withResolvers<void>();
    const { promise: isCut, resolve: cut } = Promise.withResolvers<void>();
    let connections = 0;
    const flaky = createServer((socket) => {
      connections += 1;
      socket.on('error', () => {});
      if (connections > 2) {
        socket.pipe(connect(broker.port, '127.0.0.1')).pipe(socket);
        return;
      }
      const isFirst = connections === 1;
      socket.once('data', () => {
        socket.write(connack);
        socket.once('data', () => {
          if (!isFirst) setSentAnew();
          void (isFirst ? Promise.resolve() : isCut).then(() => socket.destroy());
        });
      });
    });
    await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
    const { port } = flaky.address() as { port: number };
    const sink = open({ url: `mqtt://127.0.0.1:${port}`, version: '3.1.1' });
    const image = new Uint8Array([1]);
    const writes = [sink.write({ event: anEvent({ seq: 0 }) })];
    await isSentAnew;
    for (let seq = 1; seq < 100; seq++) writes.push(sink.write({ event: anEvent({ seq }), image }));
    cut();
    await Promise.all(writes);
    expect(eventSeqs()).toEqual(Array.from({ length: 100 }, (_, seq) => seq));
    await sink.close();
    await new Promise((resolve) => flaky.close(resolve));
  });

  test('a hundred writes at once all arrive, in order', async () => {
    const sink = open();
    await Promise.all(Array.from({ length: 100 }, (_, seq) => sink.write({ event: anEvent({ seq }) })));
    await broker.waitFor(says(EVENTS, '"seq":99'));
    expect(eventSeqs()).toEqual(Array.from({ length: 100 }, (_, seq) => seq));
  });
});

describe('a broker that refuses', () => {
  const credentials = { username: 'falconet', password: 's3cret' };
  beforeEach(async () => {
    await broker.close();
    broker = await startBroker({ credentials });
  });

  test('is said in words, once, never with what was sent', async () => {
    open({ username: 'falconet', password: 'wr0ng' });
    await vi.waitFor(() => expect(lines).not.toEqual([]), WITHIN);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[1]).toMatch(/^mqtt: not authorised; trying again/);
    expect(lines[0]?.[0]).toContain('mqtt.password');
    expect(JSON.stringify(lines)).not.toContain('wr0ng');
  });

  test.each([
    { name: 'beside the address', make: () => ({ url: broker.url, ...credentials }) },
    { name: 'in the address', make: () => ({ url: broker.url.replace('//', '//falconet:s3%63ret@') }) },
  ])('takes credentials $name', async ({ make }) => {
    await open(make()).write({ event: anEvent() });
    await broker.waitFor(on(EVENTS));
  });
});

describe('presence', () => {
  test('online after the connect; a vanished gateway is offline by its last will', async () => {
    open();
    expect(await isOnline()).toMatchObject({
      qos: 1,
      retain: true,
      payload: Buffer.from('{"state":"online"}'),
    });
    broker.refuse(true);
    expect(await broker.waitFor(says(BRIDGE, 'offline'))).toMatchObject({ qos: 1, retain: true });
  });

  test('a clean end says that each camera that runs is stopped, then the bridge, and sends no will', async () => {
    const sink = open({ clock: { now: () => 1000 } });
    await isOnline();
    await sink.state?.(online);
    await sink.state?.({ ...online, camera: 'porch' });
    await sink.state?.({ ...online, camera: 'shed', state: 'disabled', reason: 'stopped' });
    await sink.close();
    const { frames } = online;
    const stopped = {
      state: 'offline',
      reason: 'stopped',
      since: '1970-01-01T00:00:01.000Z',
      fps: 0,
      frames,
      health: {},
      refused: {},
    };
    expect(
      broker.messages
        .slice(4)
        .map(({ topic, retain, payload }) => [topic, retain, JSON.parse(payload.toString())]),
    ).toEqual([
      [CAMERA, true, stopped],
      ['falconet/camera/porch/state', true, stopped],
      [BRIDGE, true, { state: 'offline' }],
    ]);
    await vi.waitFor(() => expect(broker.clients()).toEqual([]), WITHIN);
    expect(broker.messages).toHaveLength(7);
  });

  test('the state of a camera is retained, with the rate to two decimals, what became of its frames, what ails its picture, and what was refused', async () => {
    const sink = open();
    await isOnline();
    await sink.state?.({ ...online, health: { dark: 60_000 }, refused: { score: 3 } });
    const { payload, ...rest } = await broker.waitFor(on(CAMERA));
    expect(rest).toMatchObject({ qos: 1, retain: true });
    expect(JSON.parse(payload.toString())).toEqual({
      state: 'online',
      reason: 'frames',
      since: '1970-01-01T00:00:00.000Z',
      fps: 4.99,
      frames: { came: 100, looked: 97, dropped: { late: 2 } },
      health: { dark: '1970-01-01T00:01:00.000Z' },
      refused: { score: 3 },
    });
  });

  test('a picture over which the broker hangs up each time costs its event nothing but the picture, once', async () => {
    const small = await startBroker({ mostBytes: 20_000 });
    closers.push(() => small.close());
    const sink = open({ url: small.url });
    const image = anImage();
    const large = { event: anEvent({ image }), image: new Uint8Array(30_000) };
    await expect(sink.write(large)).rejects.toMatchObject({
      code: 'SINK_WRITE',
      message: expect.stringContaining('/image/person was not taken: the broker hung up each time it came'),
      hint: expect.stringContaining('max_packet_size'),
    });
    await sink.write({ event: anEvent({ seq: 1 }) });
    const said = lines.length;
    await expect(sink.write(large)).rejects.toMatchObject({
      message: expect.stringContaining('expected at most'),
    });
    const events = small.messages.filter(on(EVENTS)).map(({ payload }) => JSON.parse(payload.toString()));
    expect(events.map(({ seq, image }) => [seq, image])).toEqual([
      [0, null],
      [1, null],
      [0, null],
    ]);
    expect(lines).toHaveLength(said);
  });

  test('two gateways of one name do not push each other out', async () => {
    const both = [open(), open()];
    for (const sink of both) await sink.write({ event: anEvent() });
    expect(new Set(broker.clients()).size).toBe(2);
    expect(broker.clients().every((id) => /^falconet-home-[0-9a-f]{6}$/.test(id))).toBe(true);
  });
});

test('a broker that hangs up is tried again at growing distances', async () => {
  const times: number[] = [];
  const rude = createServer((socket) => {
    times.push(performance.now());
    socket.destroy();
  });
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
  const { port } = rude.address() as { port: number };
  open({ url: `mqtt://127.0.0.1:${port}` });
  await vi.waitFor(() => expect(times).toHaveLength(5), WITHIN);
  const [, , , fourth = 0, fifth = 0] = times;
  expect(fifth - fourth).toBeGreaterThan(20 * 1.75 ** 3 - 5);
  await new Promise((resolve) => rude.close(resolve));
});

test('a server that takes connections and says nothing does not hold up the close', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const connected = new Promise<void>((resolve) => void mute.once('connection', () => resolve()));
  const { port } = mute.address() as { port: number };
  const sink = open({ url: `mqtt://127.0.0.1:${port}` });
  const outcome = sink.write({ event: anEvent() }).catch((error: unknown) => error);
  await connected;
  await sink.close();
  expect(await outcome).toMatchObject({ code: 'SINK_OFFLINE' });
  await new Promise((resolve) => mute.close(resolve));
});

test('a server that takes connections and says nothing is told of in words, and a broker in its place is found', async () => {
  const mute = createServer((socket) => socket.resume().on('error', () => {})); // reads, so that it sees the end
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as { port: number };
  const silence = 'mqtt: the broker took the connection and said nothing; trying again in the background';
  const sink = open({ url: `mqtt://127.0.0.1:${port}`, answerMs: 50 });
  const written = sink.write({ event: anEvent() });
  await vi.waitFor(() => expect(lines.map(([, sentence]) => sentence)).toEqual([silence]), WITHIN);
  await new Promise((resolve) => mute.close(resolve));
  const late = await startBroker({ port });
  await written;
  expect(lines.at(-1)?.[1]).toBe('mqtt: connected');
  await sink.close();
  await late.close();
});

describe('the version', () => {
  test('falls back to 3.1.1 without a word, where the broker speaks no other', async () => {
    await open().write({ event: anEvent() });
    expect(lines.map(([, sentence]) => sentence)).toEqual(['mqtt: connected']);
  });

  test('5 stays 5 where it was asked for, and the log says that the broker does not speak it', async () => {
    open({ version: 5 });
    await vi.waitFor(() => expect(lines).not.toEqual([]), WITHIN);
    expect(lines.map(([, sentence]) => sentence)).toEqual([
      'mqtt: the broker does not speak MQTT 5; trying again in the background',
    ]);
  });
});

test('a session that the broker says was taken over is told once, with what to do', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}); // the client may hang up first
    // CONNACK with success, then DISCONNECT with reason 0x8e (MQTT 5, sections 3.2 and 3.14).
    socket.once('data', () => socket.end(Buffer.from('2003000000e0028e00', 'hex')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const sink = open({ url: `mqtt://127.0.0.1:${port}`, clientId: 'twin' });
  await vi.waitFor(() => expect(connections).toBeGreaterThan(3), WITHIN);
  expect(lines.map(([, sentence]) => sentence)).toEqual([
    'mqtt: connected',
    'mqtt: another client uses the id twin; trying again',
  ]);
  expect(lines[1]?.[0]).toContain('mqtt.client_id');
  await sink.close();
  await new Promise((resolve) => server.close(resolve));
});

test.each(['', 'localhost:1883', 'http://u:s3cret@host', 'mqtt:/'])('%j is no address of a broker', (url) => {
  const thrown = () => open({ url });
  expect(thrown).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(thrown).not.toThrow(/s3cret/);
});

test.each([
  { label: 'person', topic: 'person' },
  { label: 'Traffic  light', topic: 'traffic-light' },
  { label: 'a/+/#', topic: 'a' },
  { label: 'Straße', topic: 'straße' },
  { label: '#', topic: 'object' },
])('label $label is $topic in a topic', ({ label, topic }) => {
  expect(slug(label)).toBe(topic);
});
