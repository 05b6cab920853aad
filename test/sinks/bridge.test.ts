import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Sink } from '../../src/core/sink.ts';
import { mqttSink } from '../../src/sinks/mqtt.ts';
import { aBridgeInfo } from '../helpers/bridge.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { idleDesk } from '../helpers/desk.ts';
import { anEvent } from '../helpers/events.ts';

const DRIVE = 'homeassistant/device/falconet_home__drive/config';

let broker: TestBroker;
let sink: Sink | undefined;
let lines: string[];
beforeEach(() => {
  lines = [];
});
afterEach(async () => {
  await sink?.close();
  await broker.close();
});

function open(desk = idleDesk()): Sink {
  const write = (facts: unknown, sentence: string) => void lines.push(`${sentence} ${JSON.stringify(facts)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  sink = mqttSink({ url: broker.url, gateway: 'home', reconnectMs: 20, log, desk, homeassistant: true });
  return sink;
}
const told = (topic: string) =>
  broker.messages.filter((message) => message.topic === topic).map(({ payload }) => payload.toString());

test('a broker that lets nobody subscribe is told of in the log, and all that is published goes on', async () => {
  broker = await startBroker({ isMute: true });
  await open().write({ event: anEvent() });
  await vi.waitFor(() => expect(told(DRIVE)).not.toEqual([]), 20_000);
  expect(told('falconet/camera/drive/event')).toHaveLength(1);
  expect(told('falconet/bridge/info')).not.toEqual([]);
  const [warning = '', ...others] = lines.filter((line) => !line.startsWith('mqtt: connected'));
  expect(others).toEqual([]);
  expect(warning).toMatch(
    /^mqtt: topics may not be subscribed to .*falconet\/bridge\/request\/#.*access list/,
  );
});

test('what a gateway is, is told again after each connect, and what changed meanwhile as it is now', async () => {
  broker = await startBroker();
  const desk = idleDesk();
  open(desk);
  await vi.waitFor(() => expect(told(DRIVE)).toHaveLength(1), 20_000);
  broker.refuse(true);
  await vi.waitFor(() => expect(told('falconet/bridge/state')).toContain('{"state":"offline"}'), 20_000);
  desk.tell(aBridgeInfo({ cameras: {}, log_level: 'debug' }));
  broker.refuse(false);
  await vi.waitFor(
    () => expect(told('falconet/bridge/info').at(-1)).toContain('"log_level":"debug"'),
    20_000,
  );
  await vi.waitFor(() => expect(told(DRIVE).at(-1)).toBe(''), 20_000);
  await vi.waitFor(() => expect(told('falconet/camera/drive/detect/state').at(-1)).toBe(''), 20_000);
});
