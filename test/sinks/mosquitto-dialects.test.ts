import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Sink } from '../../src/core/sink.ts';
import { type DialectSinkOptions, dialectSink } from '../../src/sinks/dialect-sink.ts';
import { cloudevents } from '../../src/sinks/dialects/cloudevents.ts';
import { frigate } from '../../src/sinks/dialects/frigate.ts';
import { anEvent, anImage } from '../helpers/events.ts';
import { skipFor } from '../helpers/installed.ts';
import { type Mosquitto, mosquittoPath, startMosquitto } from '../helpers/mosquitto.ts';

const TOPIC = 'falconet/camera/drive/cloudevent';
const listeners = { plain: {} } as const;
const ATTRIBUTES = {
  specversion: '1.0',
  id: 'drive-20261124T082254.123Z-7-0',
  source: '/falconet/home/drive',
  type: 'falconet.event.new.v1',
  subject: 'drive-20261124T082254.123Z-7',
  time: '2026-11-24T08:22:54.523Z',
  dataschema: 'urn:falconet:schema:event-1',
  sequence: '0',
};

let broker: Mosquitto<keyof typeof listeners>;
let sink: Sink | undefined;
beforeAll(async () => {
  if (mosquittoPath() !== undefined)
    broker = await startMosquitto({ listeners, settings: ['max_packet_size 20000'] });
});
afterAll(() => broker?.close());
beforeEach((context) => {
  if (mosquittoPath() === undefined) skipFor(context, 'mosquitto is not installed');
});
afterEach(() => sink?.close());

/** The one message that a reader of MQTT 5 gets of an event. */
async function published(version: DialectSinkOptions['version'] = 'auto') {
  const packets = await broker.listen('plain');
  const dialect = cloudevents({ baseTopic: 'falconet' });
  sink = dialectSink({ url: broker.url('plain'), gateway: 'home', version, log: silentLog, dialect });
  await sink.write({ event: anEvent() });
  const ofTopic = () => packets.filter(({ topic }) => topic === TOPIC);
  await vi.waitFor(() => expect(ofTopic()).toHaveLength(1), 10_000);
  const [packet] = ofTopic();
  return { properties: packet?.properties, value: JSON.parse(String(packet?.payload)) };
}

test('with MQTT 5 a CloudEvent is in binary mode: the event as it is, its attributes beside it', async () => {
  const { properties, value } = await published();
  expect(properties).toMatchObject({
    contentType: 'application/json',
    userProperties: ATTRIBUTES,
    messageExpiryInterval: 86_400,
  });
  expect(value).toMatchObject({ schema: 'falconet/event/1', id: ATTRIBUTES.subject });
});

test('with MQTT 3.1.1 it is in structured mode: all in the payload', async () => {
  const { properties, value } = await published('3.1.1');
  expect(properties?.userProperties).toBeUndefined();
  const data = expect.objectContaining({ schema: 'falconet/event/1' });
  expect(value).toEqual({ ...ATTRIBUTES, datacontenttype: 'application/json', data });
});

test('a picture that is too large for the broker costs an automation of Frigate the picture, and not the event', async () => {
  const packets = await broker.listen('plain');
  sink = dialectSink({ url: broker.url('plain'), gateway: 'home', log: silentLog, dialect: frigate() });
  const written = sink.write({ event: anEvent({ image: anImage() }), image: new Uint8Array(30_000) });
  await expect(written).rejects.toMatchObject({ code: 'SINK_WRITE' });
  await vi.waitFor(() => expect(packets.map(({ topic }) => topic)).toContain('frigate/events'), 20_000);
});
