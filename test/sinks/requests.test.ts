import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer, Desk } from '../../src/core/desk.ts';
import { FalconetError } from '../../src/core/error.ts';
import { silentLog } from '../../src/core/log.ts';
import { answerSchema, requestSchemas } from '../../src/core/schema/request.ts';
import type { Received } from '../../src/sinks/broker.ts';
import type { Message } from '../../src/sinks/presence.ts';
import { type Requests, type RequestsOptions, requests } from '../../src/sinks/requests.ts';
import { idleDesk } from '../helpers/desk.ts';

let asked: [verb: string, body: unknown][];
let set: [camera: string, name: string, value: string][];
let answer: () => Promise<Answer>;
let published: Message[];
let warnings: string[];
let now: number;
let options: RequestsOptions;
let taken: Requests;
beforeEach(() => {
  [asked, set, published, warnings, now] = [[], [], [], [], 0];
  answer = async () => ({ data: { fine: true } });
  const desk: Desk = {
    watch: () => () => {},
    request(verb, body) {
      asked.push([verb, body]);
      return answer();
    },
    async set(camera, name, value) {
      set.push([camera, name, value]);
      if (value === 'no') throw new FalconetError('REQUEST_REFUSED', 'expected ON or OFF');
    },
  };
  options = {
    baseTopic: 'house/falconet',
    desk,
    publish: async (message) => void published.push(message),
    foreign: ['homeassistant'],
    log: { ...silentLog, warn: (_, sentence) => void warnings.push(sentence) },
    now: () => now,
  };
  taken = requests(options);
});

afterEach(() => void vi.useRealTimers());

const REQUEST = 'house/falconet/bridge/request/';
const RESPONSE = 'house/falconet/bridge/response/';

async function ask(verb: string, payload: string | Buffer = '', rest: Partial<Received> = {}) {
  await taken.take({ topic: REQUEST + verb, payload: Buffer.from(payload), retain: false, ...rest });
  const last = published.at(-1);
  return { topic: last?.topic, ...(last && JSON.parse(String(last.payload))) };
}

test('a request is answered beside it, not retained, with its transaction', async () => {
  expect(await ask('health', '{"transaction":7}')).toEqual({
    topic: `${RESPONSE}health`,
    status: 'ok',
    data: { fine: true },
    transaction: 7,
  });
  expect(published[0]).toMatchObject({ retain: false, contentType: 'application/json', expiryS: 60 });
  expect(await ask('camera/enable', '{"camera":"drive","transaction":"a"}')).toMatchObject({
    transaction: 'a',
  });
  expect(asked).toEqual([
    ['health', {}],
    ['camera/enable', { camera: 'drive' }],
  ]);
});

test('a picture that was asked for is out before the answer that names its topic', async () => {
  const jpeg = new Uint8Array([255, 216]);
  answer = async () => ({ data: { camera: 'drive' }, picture: { camera: 'drive', jpeg } });
  const topic = 'house/falconet/camera/drive/snapshot';
  expect(await ask('camera/snapshot', '{"camera":"drive"}')).toMatchObject({
    data: { camera: 'drive', topic },
  });
  expect(published[0]).toMatchObject({ topic, payload: jpeg, retain: false, contentType: 'image/jpeg' });
});

describe('with MQTT 5 the answer goes where its sender wants it', () => {
  const correlationData = new Uint8Array([1, 2, 3]);

  test('with what the sender knows it by', async () => {
    const { topic } = await ask('health', '', { responseTopic: 'me/answers', correlationData });
    expect(topic).toBe('me/answers');
    expect(published[0]?.correlationData).toEqual(correlationData);
  });

  test.each([
    'house/falconet/bridge/request/health',
    'house/falconet/camera/drive/event',
    'house/falconet/camera/drive/enabled/set',
    'house/falconet',
    'homeassistant/device/falconet_home/config',
    '$SYS/broker',
    'a/#',
    'a/+/b',
    'a\0b',
    '',
    'x'.repeat(257),
  ])('but not to %j, where it would be taken for something else', async (responseTopic) => {
    expect((await ask('health', '', { responseTopic })).topic).toBe(`${RESPONSE}health`);
  });

  test('and what it is known by has a limit', async () => {
    await ask('health', '', { correlationData: new Uint8Array(257) });
    expect(published[0]).not.toHaveProperty('correlationData');
  });
});

describe('is answered with why, and carried out is nothing', () => {
  test.each([
    {
      name: 'a verb that is none',
      verb: 'format',
      payload: '',
      error: /^expected one of health, restart, reload/,
    },
    { name: 'a name that every object has', verb: 'constructor', payload: '', error: /^expected one of/ },
    { name: 'no JSON', verb: 'health', payload: '{', error: 'expected a JSON object, or nothing' },
    { name: 'a list', verb: 'health', payload: '[]', error: 'expected a JSON object, or nothing' },
    { name: 'null', verb: 'health', payload: 'null', error: 'expected a JSON object, or nothing' },
    {
      name: 'too much',
      verb: 'health',
      payload: `{"a":"${'x'.repeat(4_096)}"}`,
      error: /^expected at most 4096 bytes/,
    },
    {
      name: 'a transaction that is none',
      verb: 'health',
      payload: '{"transaction":{}}',
      error: /^expected a transaction/,
    },
  ])('$name', async ({ verb, payload, error }) => {
    expect(await ask(verb, payload)).toMatchObject({
      status: 'error',
      data: {},
      error: expect.stringMatching(error),
    });
    expect(asked).toEqual([]);
  });

  test('one that the broker kept: it would be carried out at each connect', async () => {
    expect(await ask('restart', '', { retain: true })).toMatchObject({
      error: 'expected a request that is not retained',
    });
    expect(asked).toEqual([]);
  });
});

test('what fails is answered with why, without a password, and with its transaction', async () => {
  answer = async () => {
    throw new FalconetError('SOURCE_ENDED', 'rtsp://viewer:s3cret@10.0.0.5 gave up');
  };
  expect(await ask('reload', '{"transaction":1}')).toMatchObject({
    status: 'error',
    error: 'rtsp://***@10.0.0.5 gave up',
    transaction: 1,
  });
});

test('a switch goes to the desk; a kept one is not set again, a wrong or huge one is logged', async () => {
  const send = (name: string, payload: string, retain = false) =>
    taken.take({ topic: `house/falconet/camera/drive/${name}/set`, payload: Buffer.from(payload), retain });
  await send('detect', 'OFF');
  await send('threshold/person', '0.6');
  await send('enabled', 'OFF', true);
  expect(set).toEqual([
    ['drive', 'detect', 'OFF'],
    ['drive', 'threshold/person', '0.6'],
  ]);
  await send('detect', 'no');
  await send('detect', 'x'.repeat(5_000));
  expect(warnings).toEqual(['mqtt: a switch was not taken', 'mqtt: a switch was not taken']);
  expect(published).toEqual([]);
});

test('two programs in a loop die down: past the allowance few are refused, the rest is logged, and later all is well', async () => {
  for (let i = 0; i < 100; i++) await ask('health');
  const [fine, refused] = [asked.length, published.length - asked.length];
  expect([fine, refused, warnings.length]).toEqual([30, 5, 65]);
  now += 60_000;
  expect(await ask('health')).toMatchObject({ status: 'ok' });
});

test('no more than sixteen are carried out at once', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  answer = () => promise;
  const all = Array.from({ length: 17 }, () => ask('reload'));
  await all[16];
  expect(asked).toHaveLength(16);
  expect(JSON.parse(String(published[0]?.payload)).error).toMatch(/^expected fewer requests/);
  resolve({ data: {} });
  await Promise.all(all);
});

test('what takes longer than an answer keeps its place, so that no more wait behind it than sixteen', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { promise, resolve } = Promise.withResolvers<Answer>();
  answer = () => promise;
  const all = Array.from({ length: 16 }, () => ask('restart'));
  await vi.advanceTimersByTimeAsync(30_000);
  for (const one of await Promise.all(all)) expect(one).toMatchObject({ status: 'error' });
  now += 60_000;
  void ask('restart');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(16);
  resolve({ data: {} });
  await vi.advanceTimersByTimeAsync(0);
  expect(await ask('restart')).toMatchObject({ status: 'ok' });
});

/** Requests as a careless or an evil program sends them. FALCONET_FUZZ_RUNS=100000 for a long run. */
const RUNS = Number(process.env['FALCONET_FUZZ_RUNS'] ?? 5_000);

test(`${RUNS} mutated requests bring no crash and no hang: each is answered in the published form, or is no request`, async () => {
  const verbs = Object.keys(requestSchemas);
  const json = fc.json({ maxDepth: 4 });
  const body = fc.record(
    {
      camera: fc.oneof(fc.constant('drive'), fc.string(), fc.jsonValue()),
      labels: fc.oneof(fc.dictionary(fc.string(), fc.double()), fc.jsonValue()),
      level: fc.oneof(fc.constant('debug'), fc.string()),
      transaction: fc.oneof(fc.string(), fc.double(), fc.jsonValue()),
      __proto__: fc.jsonValue(),
    },
    { requiredKeys: [], noNullPrototype: false },
  );
  const payload = fc.oneof(
    json,
    body.map((value) => JSON.stringify(value) ?? ''),
    fc.string({ unit: 'binary', maxLength: 5_000 }),
    fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  const topic = fc.oneof(
    fc.constantFrom(...verbs).map((verb) => REQUEST + verb),
    fc.string({ maxLength: 100 }).map((verb) => REQUEST + verb),
    fc.tuple(fc.string(), fc.string()).map(([camera, name]) => `house/falconet/camera/${camera}/${name}/set`),
    fc.string({ maxLength: 100 }),
  );
  const responseTopic = fc.option(fc.oneof(fc.string(), topic), { nil: undefined });
  const message = fc.record({
    topic,
    payload: payload.map((text) => Buffer.from(text)),
    retain: fc.boolean(),
    responseTopic,
    correlationData: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
  });
  const taken = requests({ ...options, desk: idleDesk() });
  await fc.assert(
    fc.asyncProperty(message, async (received) => {
      now += 10_000; // so that none is refused because of those before
      published = [];
      await taken.take(received);
      const isRequest = received.topic.startsWith(REQUEST);
      const answers = published.filter(({ contentType }) => contentType !== 'image/jpeg');
      expect(answers).toHaveLength(isRequest ? 1 : 0);
      for (const { topic: to, payload: said } of answers) {
        answerSchema.parse(JSON.parse(String(said)));
        expect(to).not.toMatch(/^house\/falconet\/(?!bridge\/response\/)|[+#\0]|^\$/);
      }
    }),
    { numRuns: RUNS, seed: 20_261_129 },
  );
  expect(warnings.every((sentence) => sentence === 'mqtt: a switch was not taken')).toBe(true);
}, 600_000);
