import { once } from 'node:events';
import { connect } from 'node:net';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { type DemoBrokerOptions, startDemoBroker } from '../../src/cli/demo-broker.ts';

async function demoBroker(options: DemoBrokerOptions = {}) {
  const broker = await startDemoBroker(options);
  onTestFinished(() => broker.close());
  return broker;
}

test('the demo sees each message once, in the order of publishing, bytes unchanged', async () => {
  const seen: [string, Buffer][] = [];
  const broker = await demoBroker({ onMessage: (topic, payload) => seen.push([topic, payload]) });

  const client = await connectAsync(broker.url, { protocolVersion: 4 });
  await client.publishAsync('falconet/camera/room/event', '{"seq":0}', { qos: 1 });
  await client.publishAsync('falconet/camera/room/image/person', Buffer.from([0xff, 0xd8, 0]), { qos: 1 });
  await client.endAsync();

  expect(seen).toEqual([
    ['falconet/camera/room/event', Buffer.from('{"seq":0}')],
    ['falconet/camera/room/image/person', Buffer.from([0xff, 0xd8, 0])],
  ]);
});

test('a user who subscribes late still gets what was retained', async () => {
  const broker = await demoBroker();
  const publisher = await connectAsync(broker.url, { protocolVersion: 4 });
  await publisher.publishAsync('falconet/bridge/state', 'online', { qos: 1, retain: true });
  await publisher.endAsync();

  const late = await connectAsync(broker.url, { protocolVersion: 4 });
  const message = new Promise<string[]>((resolve) => {
    late.once('message', (topic, payload) => resolve([topic, payload.toString()]));
  });
  await late.subscribeAsync('falconet/#');

  expect(await message).toEqual(['falconet/bridge/state', 'online']);
  await late.endAsync();
});

test('a taken port is said as such, with the way out', async () => {
  const first = await demoBroker();
  const port = Number(new URL(first.url).port);

  await expect(startDemoBroker({ port })).rejects.toMatchObject({
    code: 'USAGE',
    message: `the demo's broker cannot listen on 127.0.0.1:${port} (USAGE)`,
    hint: expect.stringContaining('--port'),
  });
});

test('close ends connections that never said a word, and may be called twice', async () => {
  const broker = await demoBroker();
  const silent = connect(Number(new URL(broker.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const ended = once(silent, 'close');

  await Promise.all([broker.close(), broker.close()]);
  await ended;
});
