import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Sink } from '../../src/core/sink.ts';
import type { Tally } from '../../src/core/tally.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';

const PERSONS = 'falconet/camera/drive/count/person';
const OCCUPIED = 'falconet/camera/drive/zone/gate/occupied';
const tallyOf = (person: number): Tally => ({
  counts: { person },
  zones: { gate: { counts: {}, occupied: person > 0, crowded: undefined } },
  lines: {},
});

let broker: TestBroker;
let sink: Sink;
beforeEach(async () => {
  broker = await startBroker();
  sink = mqttSink({ url: broker.url, gateway: 'home', reconnectMs: 20, log: silentLog });
});
afterEach(async () => {
  await sink.close();
  await broker.close();
});

const arrives = (topic: string, text: string) =>
  broker.waitFor((message) => message.topic === topic && message.payload.toString() === text);

test('counts reach a broker that was away when they changed, and leave it with their camera', async () => {
  await sink.tally?.('drive', tallyOf(1));
  await arrives(PERSONS, '1');
  broker.refuse(true);
  const told = sink.tally?.('drive', tallyOf(2));
  broker.refuse(false);
  const { retain } = await arrives(PERSONS, '2');
  expect(retain).toBe(true);
  await arrives(OCCUPIED, 'ON');
  await told;
  await sink.tally?.('drive', undefined);
  await arrives(PERSONS, '');
  await arrives(OCCUPIED, '');
});
