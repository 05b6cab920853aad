import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { probeBroker } from '../../src/sinks/probe-broker.ts';
import { startBroker, type TestBrokerOptions } from '../helpers/broker.ts';

const clientId = 'falconet-check-1';
const PASSWORD = 's3cret word';
const WITHIN = { timeout: 10_000, interval: 20 };

async function broker(options?: TestBrokerOptions) {
  const started = await startBroker(options);
  onTestFinished(() => started.close());
  return started;
}

/** A port where something else answers. */
async function elsewhere(answer: (socket: Socket) => void): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return `mqtt://127.0.0.1:${port}`;
}

test('a broker that lets us in says in which version, and nothing of us stays with it', async () => {
  const { url, messages, clients } = await broker({
    credentials: { username: 'falconet', password: PASSWORD },
  });
  const probe = await probeBroker({ url, clientId, username: 'falconet', password: PASSWORD });
  expect(probe).toEqual({ answers: true, address: url, version: '3.1.1', firstMs: expect.any(Number) });
  await vi.waitFor(() => expect(clients()).toEqual([]), WITHIN);
  expect(messages).toEqual([]);
});

test('a broker that does not says why in words, without the password', async () => {
  const { url, port } = await broker({ credentials: { username: 'falconet', password: 'another' } });
  const probe = await probeBroker({
    url: url.replace('//', `//falconet:${encodeURIComponent(PASSWORD)}@`),
    clientId,
  });
  expect(probe).toMatchObject({
    answers: false,
    address: `mqtt://127.0.0.1:${port}`,
    fault: { sentence: 'not authorised', hint: expect.stringContaining('mqtt.password') },
  });
});

test.each([
  { what: 'hangs up', answer: (socket: Socket) => socket.destroy(), says: 'the broker hung up' },
  {
    what: 'says nothing',
    answer: () => {},
    says: 'the broker took the connection and said nothing',
  },
])('something else that $what is told from a broker', async ({ answer, says }) => {
  const probe = await probeBroker({ url: await elsewhere(answer), clientId, answerMs: 300 });
  expect(probe).toMatchObject({ answers: false, fault: { sentence: says } });
});

test('a version that is asked for is not exchanged for another', async () => {
  const { url } = await broker();
  const probe = await probeBroker({ url, clientId, version: 5 });
  expect(probe).toMatchObject({
    answers: false,
    fault: { sentence: 'the broker does not speak MQTT 5' },
  });
});
