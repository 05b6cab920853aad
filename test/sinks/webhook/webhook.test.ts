import { createHmac } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import { queued } from '../../../src/sinks/queue.ts';
import { outcomeOf } from '../../../src/sinks/webhook/answer.ts';
import { type WebhookSinkOptions, webhookSink } from '../../../src/sinks/webhook/webhook.ts';
import { anEvent, anImage } from '../../helpers/events.ts';
import { sinkContract } from '../contract.ts';
import { type Answer, type Received, startReceiver } from './receiver.ts';

function recorder() {
  const lines: [facts: Record<string, unknown>, sentence: string][] = [];
  const write = (facts: object, sentence: string) => void lines.push([{ ...facts }, sentence]);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

function open(url: string, options: Partial<WebhookSinkOptions> = {}) {
  const { lines, log } = recorder();
  const sink = webhookSink({ url, log, retryMs: 5, ...options });
  onTestFinished(() => sink.close());
  return { sink, lines };
}

const eventOf = ({ body }: Received) => JSON.parse(body.toString()) as FalconetEvent;

sinkContract('webhook', async () => {
  const receiver = await startReceiver();
  return {
    sink: open(receiver.url).sink,
    arrived: async (count) => (await receiver.arrived(count)).map(eventOf),
    breakPlace: receiver.close,
    tearDown: receiver.close,
  };
});

describe('what is sent', () => {
  test('the signature holds for the very bytes that arrive, and for no others', async () => {
    const receiver = await startReceiver();
    const secret = 'tell nobody';
    await open(receiver.url, { secret }).sink.write({ event: anEvent({ label: 'Fußgänger' }) });
    const [{ headers, body }] = receiver.received as [Received];
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
    const expected = createHmac('sha256', secret).update(signed).update(body).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(headers['webhook-id']).toBe(`${anEvent().id}-0`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    expect(headers['content-type']).toBe('application/json');
  });

  test('a secret in the form of Standard Webhooks is taken as that says', async () => {
    const receiver = await startReceiver();
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    await open(receiver.url, { secret: `whsec_${key.toString('base64')}` }).sink.write({ event: anEvent() });
    const [{ headers, body }] = receiver.received as [Received];
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString()}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
  });

  test('a form brings the event and its picture, signed as a whole', async () => {
    const receiver = await startReceiver();
    const { sink } = open(receiver.url, { format: 'multipart', secret: 'secret' });
    const image = Buffer.from([0xff, 0xd8, 0, 13, 10, 0xff, 0xd9]);
    await sink.write({ event: anEvent({ image: anImage() }), image });
    await sink.write({ event: anEvent({ seq: 1 }) });
    const [first, second] = receiver.received as [Received, Received];
    const form = await formOf(first);
    expect(JSON.parse(await textOf(form.get('event')))).toMatchObject({ seq: 0, image: anImage() });
    const picture = form.get('image') as File;
    expect([picture.type, picture.name]).toEqual(['image/jpeg', 'a-0.jpg']);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(image);
    const signed = `${first.headers['webhook-id']}.${first.headers['webhook-timestamp']}.`;
    const mac = createHmac('sha256', 'secret').update(signed).update(first.body).digest('base64');
    expect(first.headers['webhook-signature']).toBe(`v1,${mac}`);
    expect([...(await formOf(second)).keys()]).toEqual(['event']);
  });

  test('only what is asked for goes out', async () => {
    const receiver = await startReceiver();
    const { sink } = open(receiver.url, { types: ['new', 'end'] });
    for (const [seq, type] of (['new', 'update', 'end'] as const).entries()) {
      await sink.write({ event: anEvent({ seq, type }) });
    }
    expect(receiver.received.map((one) => eventOf(one).type)).toEqual(['new', 'end']);
  });

  test.each([
    ['encoded', 'p%40ss', 'p@ss'],
    ['with a lone percent sign', '100%', '100%'],
  ])('headers, and a login in the address, %s, arrive as they are meant', async (_, written, meant) => {
    const receiver = await startReceiver();
    const url = receiver.url.replace('//', `//user:${written}@`);
    await open(url, { headers: { 'x-place': 'home' } }).sink.write({ event: anEvent() });
    expect(receiver.received[0]?.headers).toMatchObject({
      'x-place': 'home',
      authorization: `Basic ${Buffer.from(`user:${meant}`).toString('base64')}`,
    });
  });
});

test.each([
  { name: 'content-type', written: { 'Content-Type': 'text/plain' }, sent: 'application/json' },
  { name: 'authorization', written: { Authorization: 'Bearer abc' }, sent: 'Bearer abc' },
  { name: 'x-place', written: { 'X-Place': 'home', 'x-place': 'hut' }, sent: 'hut' },
])('a header is sent once, however it is written, or a receiver refuses each event: $name', async (row) => {
  const receiver = await startReceiver();
  const url = receiver.url.replace('//', '//user:pass@');
  await open(url, { headers: row.written }).sink.write({ event: anEvent() });
  expect(receiver.received[0]?.headers[row.name]).toBe(row.sent);
});

describe('a receiver that does not take it', () => {
  test('now: the same event comes again under the same id, in order, told once', async () => {
    const receiver = await startReceiver();
    receiver.answer(500, 503, 429, 408, 204);
    const { sink, lines } = open(receiver.url);
    await sink.write({ event: anEvent() });
    await sink.write({ event: anEvent({ seq: 1 }) });
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      [0, 0, 0, 0, 0, 1].map((seq) => `${anEvent().id}-${seq}`),
    );
    expect(lines).toEqual([
      [
        expect.objectContaining({ host: `127.0.0.1:${receiver.port}`, why: 'it answers 500' }),
        'webhook: the receiver does not take events, what comes waits',
      ],
      [{ host: `127.0.0.1:${receiver.port}` }, 'webhook: the receiver answers again'],
    ]);
  });

  test.each([400, 401, 404, 410, 413, 422])(
    'ever (%i): it is set aside and counted, the next one goes out',
    async (status) => {
      const receiver = await startReceiver();
      receiver.answer(status, 204);
      const { lines, log } = recorder();
      const queue = queued(open(receiver.url).sink, { log });
      queue.push({ event: anEvent() });
      queue.push({ event: anEvent({ seq: 1 }) });
      await queue.drain();
      expect(receiver.received.map((one) => eventOf(one).seq)).toEqual([0, 1]);
      expect(queue.failed).toBe(1);
      expect(lines[0]?.[0]).toMatchObject({
        code: 'SINK_WRITE',
        message: expect.stringContaining(`it answers ${status}`),
      });
      await queue.close();
    },
  );

  test.each([301, 302, 307, 308])('but names another (%i): nothing goes there', async (status) => {
    const [receiver, other] = await Promise.all([startReceiver(), startReceiver()]);
    receiver.answer((response) => response.writeHead(status, { location: other.url }).end());
    const { sink } = open(receiver.url, { secret: 'secret', headers: { authorization: 'Bearer token' } });
    await expect(sink.write({ event: anEvent() })).rejects.toMatchObject({
      code: 'SINK_WRITE',
      hint: expect.stringContaining('redirects are not followed'),
    });
    expect(other.received).toEqual([]);
  });

  test('because it is away: what came meanwhile arrives once it is there, none lost', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const { sink, lines } = open(receiver.url);
    const { log } = recorder();
    const queue = queued(sink, { log });
    for (let seq = 0; seq < 5; seq++) queue.push({ event: anEvent({ seq }) });
    await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 });
    expect(lines[0]?.[0]['why']).toBe('ECONNREFUSED');
    const back = await startReceiver(receiver.port);
    await queue.drain();
    expect(back.received.map((one) => eventOf(one).seq)).toEqual([0, 1, 2, 3, 4]);
    expect([queue.failed, queue.dropped]).toEqual([0, 0]);
    await queue.close();
  });

  test('at one event each time: that is given up when it is too old, and the next arrives', async () => {
    const receiver = await startReceiver();
    let now = Date.parse(anEvent().time);
    const fail: Answer = (response) => {
      now += 40_000;
      response.writeHead(500).end();
    };
    receiver.answer(fail, fail, 204);
    const { sink } = open(receiver.url, { maxAgeMs: 60_000, clock: { now: () => now } });
    await expect(sink.write({ event: anEvent() })).rejects.toMatchObject({
      code: 'SINK_WRITE',
      message: expect.stringContaining('did not take the event in time'),
    });
    await sink.write({ event: anEvent({ seq: 1, time: new Date(now).toISOString() }) });
    expect(receiver.received.map(eventOf).map(({ seq }) => seq)).toEqual([0, 0, 1]);
  });

  test('and says nothing: it is asked again after the time that an answer may take', async () => {
    const receiver = await startReceiver();
    receiver.answer(() => {}, 204);
    const { sink, lines } = open(receiver.url, { timeoutMs: 50 });
    await sink.write({ event: anEvent() });
    expect(lines[0]?.[0]).toMatchObject({ why: 'it does not answer in time' });
  });

  test('and talks without end: it is not listened to', async () => {
    const receiver = await startReceiver();
    receiver.answer((response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(more));
    });
    await open(receiver.url).sink.write({ event: anEvent() });
    expect(receiver.received).toHaveLength(1);
  });

  test('or speaks another language: that is no crash, and is told', async () => {
    const receiver = await startReceiver();
    receiver.answer((response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'), 204);
    const { sink, lines } = open(receiver.url);
    await sink.write({ event: anEvent() });
    expect(lines[0]?.[0]['why']).toMatch(/\w/);
  });
});

test('no secret of the address or the headers is in a line or an error', async () => {
  const receiver = await startReceiver();
  receiver.answer(500, 404);
  const url = `${receiver.url.replace('//', '//user:hunter2@')}/T00/token?key=k3y`;
  const { sink, lines } = open(url, { secret: 'signing', headers: { authorization: 'Bearer bearer' } });
  const error = await sink.write({ event: anEvent() }).catch((thrown: Error) => thrown);
  const told = JSON.stringify([lines, String(error), (error as Error).stack, error]);
  for (const secret of ['hunter2', 'token', 'k3y', 'signing', 'bearer']) expect(told).not.toContain(secret);
});

test.each([
  { name: 'seconds', text: '120', waitMs: 120_000 },
  { name: 'a date', text: 'Tue, 24 Nov 2026 08:01:00 GMT', waitMs: 60_000 },
  { name: 'a date that has passed', text: 'Tue, 24 Nov 2026 07:00:00 GMT', waitMs: 0 },
  { name: 'a year', text: '31536000', waitMs: 600_000 },
  { name: 'nonsense', text: 'soon', waitMs: undefined },
])('a receiver is waited for as long as it asks for, ten minutes at most: $name', ({ text, waitMs }) => {
  const headers = new Headers({ 'retry-after': text });
  expect(outcomeOf({ status: 503, headers }, Date.UTC(2026, 10, 24, 8))).toEqual({
    kind: 'later',
    why: 'it answers 503',
    ...(waitMs !== undefined && { waitMs }),
  });
});

test('an address that is none is refused when the sink is made', () => {
  for (const url of ['', 'example.org/hook', 'ftp://example.org', 'file:///etc/passwd']) {
    expect(() => open(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  }
});

function formOf({ headers, body }: Received): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  return new Response(Uint8Array.from(body), { headers: { 'content-type': type } }).formData();
}

async function textOf(part: File | string | null): Promise<string> {
  return part instanceof File ? part.text() : String(part);
}
