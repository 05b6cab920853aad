import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MqttSinkOptions, mqttSink } from '../../src/sinks/mqtt.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { CERTIFICATES, type Mosquitto, mosquittoPath, startMosquitto } from '../helpers/mosquitto.ts';

const PASSWORD = 'br0ker:pass word';
const EVENTS = 'falconet/camera/drive/event';
const pem = (name: string) => readFileSync(join(CERTIFICATES, name), 'utf8');

const listeners = {
  plain: {},
  password: { credentials: { username: 'falconet', password: PASSWORD } },
  tls: { certificate: 'server' },
  expired: { certificate: 'expired' },
  elsewhere: { certificate: 'elsewhere' },
  limited: { mayWrite: ['falconet/bridge/state', 'falconet/camera/+/event'] },
  mutual: { certificate: 'server', wantsCertificate: true },
} as const;

let broker: Mosquitto<keyof typeof listeners>;
let closers: (() => Promise<void>)[];
let lines: [facts: string, sentence: string][];

beforeAll(async () => {
  if (mosquittoPath() === undefined) return;
  broker = await startMosquitto({
    listeners,
    settings: ['max_inflight_messages 4', 'max_packet_size 20000'],
  });
});
afterAll(() => broker?.close());
beforeEach((context) => {
  if (mosquittoPath() === undefined) skipFor(context, 'mosquitto is not installed');
  closers = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
});

function open(listener: keyof typeof listeners, changes: Partial<MqttSinkOptions> = {}) {
  const write = (facts: unknown, sentence: string) => void lines.push([JSON.stringify(facts), sentence]);
  const sink = mqttSink({
    url: broker.url(listener),
    gateway: 'home',
    reconnectMs: 20,
    log: { debug: write, info: write, warn: write, error: write },
    ...changes,
  });
  closers.push(() => sink.close());
  return sink;
}
/** On a busy machine too. */
const soon = (check: () => void) => vi.waitFor(check, 10_000);
const image = anImage();
const sentences = () => lines.map(([, sentence]) => sentence);
const connected = () => soon(() => expect(sentences()).toContain('mqtt: connected'));
const seqsOf = (packets: readonly { topic: string; payload: Buffer | string }[]): number[] =>
  packets.filter(({ topic }) => topic === EVENTS).map(({ payload }) => JSON.parse(payload.toString()).seq);

describe('MQTT 5', () => {
  test('events expire after a day, and every payload says what it is', async () => {
    const packets = await broker.listen('plain');
    const sink = open('plain');
    await sink.write({ event: anEvent(), image: new Uint8Array([1, 2, 3]) });
    await soon(() => expect(seqsOf(packets)).toEqual([0]));
    const told = Object.fromEntries(
      packets.map(({ topic, properties = {}, retain }) => [topic, { ...properties, retain }]),
    );
    expect(told).toEqual({
      'falconet/bridge/state': {
        contentType: 'application/json',
        payloadFormatIndicator: true,
        retain: true,
      },
      'falconet/camera/drive/image/person': {
        contentType: 'image/jpeg',
        payloadFormatIndicator: false,
        retain: true,
      },
      [EVENTS]: {
        contentType: 'application/json',
        payloadFormatIndicator: true,
        messageExpiryInterval: 86_400,
        retain: false,
      },
    });
    expect(broker.log()).toMatch(/as falconet-home-[0-9a-f]{6} \(p5,/);
  });

  test('3.1.1 is spoken where it is asked for', async () => {
    open('plain', { version: '3.1.1', clientId: 'old' });
    await connected();
    expect(broker.log()).toMatch(/as old \(p2,/); // mosquitto's number for it
  });

  test('a hundred writes at once keep to the four that this broker takes unacknowledged', async () => {
    const packets = await broker.listen('plain');
    const sink = open('plain');
    const seqs = Array.from({ length: 100 }, (_, seq) => seq);
    await Promise.all(seqs.map((seq) => sink.write({ event: anEvent({ seq }) })));
    await soon(() => expect(seqsOf(packets)).toEqual(seqs));
    expect(sentences()).toEqual(['mqtt: connected']);
  });

  test('a picture that is too large for the broker is one error, its event goes out without it, and no loop begins', async () => {
    const packets = await broker.listen('plain');
    const sink = open('plain');
    const write = sink.write({ event: anEvent({ image }), image: new Uint8Array(20_000) });
    await expect(write).rejects.toMatchObject({
      code: 'SINK_WRITE',
      message: expect.stringContaining('expected at most 20000 bytes'),
      hint: 'Raise max_packet_size of the broker',
    });
    await sink.write({ event: anEvent({ seq: 1 }) });
    await soon(() => expect(seqsOf(packets)).toEqual([0, 1]));
    const [first] = packets.filter(({ topic }) => topic === EVENTS);
    expect(JSON.parse(String(first?.payload)).image).toBeNull();
    expect(sentences()).toEqual(['mqtt: connected']);
  });
});

test('3.1.1: a picture that is too large for the broker costs its event nothing but the picture', async () => {
  const packets = await broker.listen('plain');
  const sink = open('plain', { version: '3.1.1' });
  const write = sink.write({ event: anEvent({ image }), image: new Uint8Array(20_000) });
  await expect(write).rejects.toMatchObject({
    code: 'SINK_WRITE',
    message: expect.stringContaining('the broker hung up each time it came'),
  });
  await sink.write({ event: anEvent({ seq: 1 }) });
  await soon(() => expect(seqsOf(packets)).toEqual([0, 1]));
  expect(sentences().at(-1)).toBe('mqtt: connected');
});

test('a topic that the broker refuses is an error with a hint, and an event goes out without its picture', async () => {
  const packets = await broker.listen('plain');
  const write = open('limited').write({ event: anEvent({ image }), image: new Uint8Array(10) });
  await expect(write).rejects.toMatchObject({
    code: 'SINK_WRITE',
    message: expect.stringContaining('falconet/camera/drive/image/person was not taken: not authorised'),
    hint: expect.stringContaining('access list'),
  });
  await soon(() => expect(seqsOf(packets)).toEqual([0]));
});

describe('a password', () => {
  test('lets the gateway in', async () => {
    await open('password', { username: 'falconet', password: PASSWORD }).write({ event: anEvent() });
  });

  test.each([5, '3.1.1'] as const)(
    'that is wrong is said in words with MQTT %s, once, and never shown',
    async (version) => {
      open('password', { version, username: 'falconet', password: 'wr0ng' });
      const refusals = () => broker.log().match(/not authorised/g)?.length ?? 0;
      const before = refusals();
      await soon(() => expect(refusals()).toBeGreaterThan(before + 2));
      expect(sentences()).toEqual(['mqtt: not authorised; trying again in the background']);
      expect(JSON.stringify(lines)).not.toContain('wr0ng');
    },
  );
});

describe('TLS', () => {
  test('carries events to a broker that the authority vouches for', async () => {
    await open('tls', { tls: { ca: pem('ca.pem') } }).write({ event: anEvent() });
  });

  test('takes a certificate of its own to a broker that wants one', async () => {
    const tls = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client-key.pem') };
    await open('mutual', { tls }).write({ event: anEvent() });
  });

  test('takes any broker where nothing is verified', async () => {
    await open('elsewhere', { tls: { verify: false } }).write({ event: anEvent() });
  });

  test('takes a broker whose certificate has the name that was told', async () => {
    const tls = { ca: pem('ca.pem'), serverName: 'broker.example' };
    await open('elsewhere', { tls }).write({ event: anEvent() });
  });

  const ca = () => pem('ca.pem');
  test.each([
    {
      listener: 'tls',
      tls: () => ({}),
      says: 'the certificate of the broker comes from an issuer that is not trusted here',
    },
    {
      listener: 'tls',
      tls: () => ({ ca: pem('other-ca.pem') }),
      says: 'the certificate of the broker comes from an issuer that is not trusted here',
    },
    { listener: 'expired', tls: () => ({ ca: ca() }), says: 'the certificate of the broker has expired' },
    {
      listener: 'elsewhere',
      tls: () => ({ ca: ca() }),
      says: 'the certificate of the broker is for another host name',
    },
    {
      listener: 'mutual',
      tls: () => ({ ca: ca() }),
      says: 'the broker asks for a certificate of this gateway',
    },
    {
      listener: 'mutual',
      tls: () => ({
        ca: ca(),
        cert: readFileSync(join(CERTIFICATES, '../camera-cert.pem'), 'utf8'),
        key: readFileSync(join(CERTIFICATES, '../camera-key.pem'), 'utf8'),
      }),
      says: 'the broker does not trust the certificate of this gateway',
    },
  ] as const)('$listener: $says', async ({ listener, tls, says }) => {
    open(listener, { tls: tls() });
    await soon(() => expect(lines).not.toEqual([]));
    expect(sentences()).toEqual([`mqtt: ${says}; trying again in the background`]);
    expect(JSON.parse(lines[0]?.[0] ?? '')).toMatchObject({ hint: expect.stringMatching(/mqtt\.|Renew/) });
  });

  test('on a port without it is said in words', async () => {
    open('plain', { url: broker.url('plain').replace('mqtt:', 'mqtts:') });
    await soon(() => expect(lines).not.toEqual([]));
    expect(sentences()).toEqual(['mqtt: the broker hung up; trying again in the background']);
    expect(lines[0]?.[0]).toContain('over TLS for mqtts:// only');
  });

  test('that the port wants and the address does not is said in words', async () => {
    open('tls', { url: broker.url('tls').replace('mqtts:', 'mqtt:') });
    await soon(() => expect(lines).not.toEqual([]));
    expect(sentences()).toEqual(['mqtt: the broker hung up; trying again in the background']);
    expect(lines[0]?.[0]).toContain('over TLS for mqtts:// only');
  });
});

test('two clients of one id are told of each other once, and the one that stays says that it is back', async () => {
  open('plain', { clientId: 'twin', settledMs: 400 });
  await connected();
  const other = open('plain', {
    clientId: 'twin',
    settledMs: 400,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const twin = /perhaps another client uses the id twin; trying again|another client uses the id twin/;
  await soon(() => expect(sentences().some((sentence) => twin.test(sentence))).toBe(true));
  const said = lines.length;
  const connections = () => broker.log().match(/as twin \(/g)?.length ?? 0;
  const before = connections();
  await soon(() => expect(connections()).toBeGreaterThan(before + 2));
  expect(lines.length).toBe(said);
  await other.close();
  await soon(() => expect(sentences().slice(said)).toEqual(['mqtt: connected']));
});

test('a broker that is killed and comes back gets all that it had not acknowledged, in order', async () => {
  const packets = await broker.listen('plain');
  const sink = open('plain');
  await sink.write({ event: anEvent({ seq: 0 }) });
  await soon(() => expect(seqsOf(packets)).toEqual([0]));
  await broker.save();
  broker.signal('SIGSTOP'); // what is sent now is under way when it dies
  const seqs = Array.from({ length: 40 }, (_, index) => index + 1);
  const written = seqs.map((seq) => sink.write({ event: anEvent({ seq }) }));
  await broker.kill();
  await broker.start();
  await Promise.all(written);
  await soon(() => expect(seqsOf(packets).at(-1)).toBe(40));
  expect([...new Set(seqsOf(packets))]).toEqual([0, ...seqs]);
});
