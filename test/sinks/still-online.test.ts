import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Sink } from '../../src/core/sink.ts';
import type { Received } from '../../src/sinks/broker.ts';
import { dialectSink } from '../../src/sinks/dialect-sink.ts';
import { frigate } from '../../src/sinks/dialects/frigate.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { type Message, presence } from '../../src/sinks/presence.ts';
import { stillOnline } from '../../src/sinks/still-online.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { skipFor } from '../helpers/installed.ts';
import { mosquittoPath, startMosquitto } from '../helpers/mosquitto.ts';

const { will, online } = presence('falconet');
const ofFrigate = frigate().presence;
if (ofFrigate === undefined) throw new TypeError('expected a presence');
const talks = [
  { name: 'a gateway', offline: will, online, open: mqttSink },
  {
    name: "the dialect of Frigate's",
    ...ofFrigate,
    open: (options: { url: string; gateway: string; reconnectMs: number; log: typeof silentLog }) =>
      dialectSink({ ...options, dialect: frigate() }),
  },
];

let closers: (() => Promise<unknown>)[];
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
});

/** What a gateway leaves at the broker that lost its power: a connection with a last will, which nobody ends. */
async function connectionOf(url: string, { topic, payload }: Message): Promise<MqttClient> {
  return connectAsync(url, {
    clientId: 'the-start-before',
    reconnectPeriod: 0,
    will: { topic, payload: Buffer.from(payload), qos: 1, retain: true },
  });
}

describe.each(talks)('$name', ({ offline, online, open }) => {
  let broker: TestBroker;
  beforeEach(async () => {
    broker = await startBroker();
    closers.push(() => broker.close());
  });
  const told = () =>
    broker.messages.filter(({ topic }) => topic === online.topic).map(({ payload }) => payload.toString());
  function start(): Sink {
    const sink = open({ url: broker.url, gateway: 'home', reconnectMs: 20, log: silentLog });
    closers.unshift(() => sink.close());
    return sink;
  }

  test('is not left offline by the last will of the start before, which comes after it is online', async () => {
    const old = await connectionOf(broker.url, offline);
    start();
    await vi.waitFor(() => expect(told()).toEqual([online.payload]), 20_000);
    old.stream.destroy();
    await vi.waitFor(() => expect(told()).toEqual([online.payload, offline.payload, online.payload]), 20_000);
  });

  test('stays online where another on the same topics stops, and the last of them to stop is offline', async () => {
    const [first, second] = [start(), start()];
    await vi.waitFor(() => expect(told()).toHaveLength(2), 20_000);
    await first.close();
    await vi.waitFor(() => expect(told().slice(2)).toEqual([offline.payload, online.payload]), 20_000);
    await second.close();
    expect(told().slice(4)).toEqual([offline.payload]);
  });
});

test('mosquitto: a gateway is not left offline by the last will of the start before', async (context) => {
  if (mosquittoPath() === undefined) skipFor(context, 'mosquitto is not installed');
  const broker = await startMosquitto({ listeners: { plain: {} } });
  closers.push(() => broker.close());
  const old = await connectionOf(broker.url('plain'), will);
  const packets = await broker.listen('plain');
  const told = () => packets.filter(({ topic }) => topic === will.topic).map(({ payload }) => `${payload}`);
  const sink = mqttSink({ url: broker.url('plain'), gateway: 'home', log: silentLog });
  closers.unshift(() => sink.close());
  await vi.waitFor(() => expect(told()).toEqual([online.payload]), 10_000);
  old.stream.destroy();
  await vi.waitFor(() => expect(told()).toEqual([online.payload, will.payload, online.payload]), 10_000);
});

describe('how often it says so', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const heard = ({ topic, payload }: Message) => ({ topic, payload: Buffer.from(payload), retain: false });

  function talk() {
    const said: string[] = [];
    let isConnected = true;
    const still = stillOnline({
      offline: will,
      online,
      isConnected: () => isConnected,
      publish: async ({ payload }) => void said.push(String(payload)),
    });
    closers.push(async () => still.close());
    return {
      said,
      still,
      lose: () => {
        isConnected = false;
      },
    };
  }

  test('once a second, however often somebody says offline', () => {
    const { said, still } = talk();
    for (let i = 0; i < 1_000; i++) still.hearing().onMessage(heard(will));
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual([online.payload]);
    still.hearing().onMessage(heard(will));
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual([online.payload, online.payload]);
  });

  test.each([
    { name: 'its own online', payload: online.payload },
    { name: 'what is no word of a gateway', payload: '{"state":"online","version":2}' },
  ])('not to $name, so that no two talk for ever', ({ payload }) => {
    const { said, still } = talk();
    still.hearing().onMessage(heard({ ...online, payload }));
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });

  test('to one that emptied the topic', () => {
    const { said, still } = talk();
    still.hearing().onMessage(heard({ ...will, payload: '' }));
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual([online.payload]);
  });

  test('once, when the broker must have given an old connection up, also where it lets nothing be heard', () => {
    const { said, still } = talk();
    expect(still.greeting()).toEqual([online]);
    vi.advanceTimersByTime(45_000);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(3_600_000);
    expect(said).toEqual([online.payload]);
  });

  test('never without a connection, nor once it stops', () => {
    const lost = talk();
    lost.still.hearing().onMessage(heard(will));
    lost.lose();
    const stopped = talk();
    stopped.still.greeting();
    stopped.still.hearing().onMessage(heard(will));
    stopped.still.close();
    stopped.still.hearing().onMessage(heard(will));
    vi.advanceTimersByTime(3_600_000);
    expect([...lost.said, ...stopped.said]).toEqual([]);
  });

  test('what is on other topics goes to those who hear them', () => {
    const messages: string[] = [];
    const others = {
      subscriptions: ['falconet/bridge/request/#'],
      onMessage: ({ topic }: Received) => void messages.push(topic),
      onSubscribed() {},
    };
    const { subscriptions, onMessage } = talk().still.hearing(others);
    onMessage(heard({ ...will, topic: 'falconet/bridge/request/health' }));
    onMessage(heard(will));
    expect(subscriptions).toEqual([will.topic, 'falconet/bridge/request/#']);
    expect(messages).toEqual(['falconet/bridge/request/health']);
  });
});
