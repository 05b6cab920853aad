import { expect, test } from 'vitest';
import type { Tally } from '../../src/core/tally.ts';
import type { Message } from '../../src/sinks/presence.ts';
import { tallies } from '../../src/sinks/tallies.ts';

const GATE = { counts: { person: 1 }, occupied: true, crowded: false };
const TALLY: Tally = {
  motion: true,
  counts: { person: 2, 'traffic light': 0 },
  zones: { gate: GATE, lawn: { counts: {}, occupied: false, crowded: undefined } },
  lines: { kerb: { car: { in: 3, out: 1 } } },
};
const AT = 'falconet/camera/drive';

/** A broker that acknowledges when it is told to. */
function slowBroker() {
  const published: Message[] = [];
  const waiting: (() => void)[] = [];
  const broker = {
    connected: true,
    acknowledge() {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
  const told = tallies({
    baseTopic: 'falconet',
    isConnected: () => broker.connected,
    publish(message) {
      published.push(message);
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  const said = () =>
    published.splice(0).map(({ topic, payload }) => `${topic.slice(AT.length + 1)} ${payload}`);
  return { ...told, broker, published, said };
}

/** Until every promise that can be settled is. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('all that a camera counts stands on topics of its own, retained', async () => {
  const { tell, said, published } = slowBroker();
  void tell('drive', TALLY);
  expect(new Set(published.map(({ retain }) => retain))).toEqual(new Set([true]));
  expect(published.find(({ payload }) => payload === 'ON')?.contentType).toBe('text/plain');
  expect(said()).toEqual([
    'motion ON',
    'count/person 2',
    'count/traffic-light 0',
    'zone/gate/count/person 1',
    'zone/gate/occupied ON',
    'zone/gate/crowded OFF',
    'zone/lawn/occupied OFF',
    'line/kerb/car {"in":3,"out":1}',
  ]);
});

test('what does not differ is not told again', async () => {
  const { tell, said, broker } = slowBroker();
  void tell('drive', TALLY);
  broker.acknowledge();
  await settled();
  said();
  void tell('drive', { ...TALLY, counts: { ...TALLY.counts, person: 3 } });
  expect(said()).toEqual(['count/person 3']);
});

test('a slow broker gets the last value, not all between', async () => {
  const { tell, said, broker } = slowBroker();
  for (const person of [1, 2, 3, 4]) void tell('drive', { zones: {}, lines: {}, counts: { person } });
  expect(said()).toEqual(['count/person 1']);
  broker.acknowledge();
  await settled();
  expect(said()).toEqual(['count/person 4']);
  broker.acknowledge();
  await settled();
  expect(said()).toEqual([]);
});

test('topics of a zone that is gone are emptied, and all of a camera that is gone', async () => {
  const { tell, said, broker, greeting } = slowBroker();
  void tell('drive', TALLY);
  broker.acknowledge();
  await settled();
  said();
  void tell('drive', { ...TALLY, zones: { gate: GATE } });
  expect(said()).toEqual(['zone/lawn/occupied ']);
  broker.acknowledge();
  await settled();
  void tell('drive', undefined);
  expect(said().every((one) => one.endsWith(' '))).toBe(true);
  broker.acknowledge();
  await settled();
  expect(greeting()).toEqual([]);
});

test('what changes while the broker is away, or goes, is told when it is back', async () => {
  const { tell, said, broker, greeting } = slowBroker();
  broker.connected = false;
  void tell('drive', TALLY);
  void tell('drive', { counts: { person: 5 }, zones: {}, lines: {} });
  expect(said()).toEqual([]);
  const payloads = new Map(greeting().map(({ topic, payload }) => [topic, payload]));
  expect(payloads.get(`${AT}/count/person`)).toBe('5');
  expect(payloads.get(`${AT}/zone/gate/occupied`)).toBe('');
});

test('a value that is under way over a lost connection is not overtaken by its greeting', async () => {
  const { tell, said, broker, greeting } = slowBroker();
  void tell('drive', { counts: { person: 1 }, zones: {}, lines: {} });
  broker.connected = false;
  void tell('drive', { counts: { person: 2 }, zones: {}, lines: {} });
  said();
  broker.connected = true;
  expect(greeting()).toEqual([]);
  broker.acknowledge();
  await settled();
  expect(said()).toEqual(['count/person 2']);
});
