import mqtt, { connectAsync, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { startBroker, type TestBrokerOptions } from './broker.ts';

async function testBroker(options: TestBrokerOptions = {}) {
  const broker = await startBroker(options);
  onTestFinished(() => broker.close());
  return broker;
}

function next(client: MqttClient, happening: 'connect' | 'close'): Promise<void> {
  return new Promise((resolve) => {
    client.once(happening, () => resolve());
  });
}

test('records topic, payload, quality of service and retain, in the order of arrival', async () => {
  const broker = await testBroker();
  const client = await connectAsync(broker.url, { protocolVersion: 4 });
  await client.publishAsync('a', 'one');
  await client.publishAsync('b', Buffer.from([0, 255]), { qos: 1, retain: true });
  await client.publishAsync('c', '', { qos: 2 });
  await client.endAsync();

  expect(broker.messages).toEqual([
    { topic: 'a', payload: Buffer.from('one'), qos: 0, retain: false },
    { topic: 'b', payload: Buffer.from([0, 255]), qos: 1, retain: true },
    { topic: 'c', payload: Buffer.alloc(0), qos: 2, retain: false },
  ]);
});

test('waits for a message to come, and says what came instead when it does not', async () => {
  const broker = await testBroker();
  const client = await connectAsync(broker.url, { protocolVersion: 4 });
  const coming = broker.waitFor(({ topic }) => topic === 'wanted');
  await client.publishAsync('other', '');
  await client.publishAsync('wanted', '1');
  await client.endAsync();

  expect((await coming).payload.toString()).toBe('1');
  expect(await broker.waitFor(({ topic }) => topic === 'other')).toMatchObject({ topic: 'other' });
  await expect(broker.waitFor(() => false, 10)).rejects.toThrow('within 10 ms, got other, wanted');
});

test('a lost network brings the last will; then clients come back to what was retained', async () => {
  const broker = await testBroker();
  const will = { topic: 'state', payload: Buffer.from('offline'), qos: 1 as const, retain: true };
  const client = mqtt.connect(broker.url, {
    protocolVersion: 4,
    clientId: 'gateway',
    reconnectPeriod: 20,
    will,
  });
  onTestFinished(() => client.endAsync(true));
  await next(client, 'connect');
  expect(broker.clients()).toEqual(['gateway']);

  const refused = next(client, 'close');
  broker.refuse(true);
  await refused;
  expect((await broker.waitFor(({ topic }) => topic === 'state')).payload.toString()).toBe('offline');
  await next(client, 'close'); // a second attempt, refused too
  expect(broker.clients()).toEqual([]);

  const back = next(client, 'connect');
  broker.refuse(false);
  await back;
  const retained = new Promise<string>((resolve) => {
    client.once('message', (_topic, payload) => resolve(payload.toString()));
  });
  await client.subscribeAsync('state');
  expect(await retained).toBe('offline');
});

test('a wrong password is "not authorized", the right one is let in', async () => {
  const broker = await testBroker({ credentials: { username: 'falconet', password: 'p@ss' } });
  const login = { protocolVersion: 4, username: 'falconet' } as const;

  const wrong = connectAsync(broker.url, { ...login, password: 'pass', reconnectPeriod: 0 });
  await expect(wrong).rejects.toMatchObject({ code: 5 });
  const client = await connectAsync(broker.url, { ...login, password: 'p@ss' });
  await client.endAsync();
});

test('a closed broker comes back on its port', async () => {
  const first = await startBroker();
  await first.close();
  await first.close();
  const second = await testBroker({ port: first.port });

  expect(second.url).toBe(first.url);
});
