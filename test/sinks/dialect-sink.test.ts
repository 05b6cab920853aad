import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Sink } from '../../src/core/sink.ts';
import { type DialectSinkOptions, dialectSink } from '../../src/sinks/dialect-sink.ts';
import { cloudevents } from '../../src/sinks/dialects/cloudevents.ts';
import { frigate } from '../../src/sinks/dialects/frigate.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { anEvent, anImage, aReport } from '../helpers/events.ts';
import { sinkContract } from './contract.ts';

const WITHIN = { timeout: 10_000, interval: 20 };

let broker: TestBroker;
let sink: Sink | undefined;
beforeEach(async () => {
  broker = await startBroker();
});
afterEach(async () => {
  await sink?.close();
  await broker.close();
});

function open(dialect: DialectSinkOptions['dialect']): Sink {
  sink = dialectSink({ url: broker.url, gateway: 'home', reconnectMs: 20, log: silentLog, dialect });
  return sink;
}
const told = (topic: string) =>
  broker.messages.filter((message) => message.topic === topic).map(({ payload }) => payload.toString());

sinkContract('cloudevents', async () => {
  const topic = 'falconet/camera/drive/cloudevent';
  return {
    sink: open(cloudevents({ baseTopic: 'falconet' })),
    async arrived(count) {
      await vi.waitFor(() => expect(told(topic)).toHaveLength(count), WITHIN);
      return told(topic).map((text) => JSON.parse(text).data);
    },
    breakPlace: () => broker.close(),
    tearDown: async () => {},
  };
});

test('an automation of Frigate finds pictures, events, counts, and whether it is there, also when it vanishes', async () => {
  const { write, state, tally } = open(frigate());
  await vi.waitFor(() => expect(told('frigate/available')).toEqual(['online']), WITHIN);
  await write({ event: anEvent({ image: anImage() }), image: new Uint8Array([255, 216]) });
  await state?.(aReport());
  await tally?.('drive', { counts: { person: 1 }, zones: {}, lines: {} });
  expect(broker.messages.map(({ topic, retain }) => [topic, retain])).toEqual([
    ['frigate/available', true],
    ['frigate/drive/person/snapshot', true],
    ['frigate/events', false],
    ['frigate/drive/status/detect', true],
    ['frigate/drive/person', true],
    ['frigate/drive/all', true],
  ]);
  broker.refuse(true);
  await vi.waitFor(() => expect(told('frigate/available')).toEqual(['online', 'offline']), WITHIN);
  broker.refuse(false);
  await vi.waitFor(() => expect(told('frigate/available').at(-1)).toBe('online'), WITHIN);
  await sink?.close();
  expect(told('frigate/available').at(-1)).toBe('offline');
});
