import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import type { Delivery, Sink } from '../../src/core/sink.ts';
import { queued } from '../../src/sinks/queue.ts';
import { anEvent, aReport } from '../helpers/events.ts';

afterEach(() => void vi.useRealTimers());

const delivery = (seq: number, type: 'new' | 'update' | 'end' = 'update'): Delivery => ({
  event: anEvent({ seq, type }),
});

/** A sink whose writes the test lets go, one by one. */
function gatedSink() {
  const gates: { resolve(): void; reject(error: Error): void }[] = [];
  const written: number[] = [];
  const sink: Sink = {
    name: 'gated',
    async write({ event }) {
      await new Promise<void>((resolve, reject) => gates.push({ resolve, reject }));
      written.push(event.seq);
    },
    close: vi.fn(async () => {}),
  };
  return { sink, written, gates };
}

function logger() {
  const lines: [Record<string, unknown>, string][] = [];
  const write = (facts: Readonly<Record<string, unknown>>, sentence: string) =>
    void lines.push([facts, sentence]);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

test('one write at a time, in order, and push returns before any of them', async () => {
  const { sink, written, gates } = gatedSink();
  const queue = queued(sink, logger());
  for (const seq of [0, 1, 2]) queue.push(delivery(seq));
  expect(written).toEqual([]);
  for (const index of [0, 1, 2]) {
    await turn();
    expect(gates).toHaveLength(index + 1);
    gates[index]?.resolve();
  }
  await queue.drain();
  expect(written).toEqual([0, 1, 2]);
  expect([queue.dropped, queue.failed]).toEqual([0, 0]);
});

test('drain of an empty queue is over at once', async () => {
  await expect(queued(gatedSink().sink, logger()).drain()).resolves.toBeUndefined();
});

describe('losses', () => {
  test('a full queue drops, counts and says so at most once a second', async () => {
    const { lines, log } = logger();
    let now = 0;
    const { sink, gates } = gatedSink();
    const queue = queued(sink, { limit: 2, log, clock: { now: () => now } });
    queue.push(delivery(0, 'new'));
    await turn();
    for (let seq = 1; seq <= 5; seq++) queue.push(delivery(seq));
    now = 1000;
    queue.push(delivery(6));
    expect(queue.dropped).toBe(4);
    expect(lines.map(([{ lost, total }]) => [lost, total])).toEqual([
      [{ update: 1 }, 1],
      [{ update: 3 }, 4],
    ]);
    expect(lines[0]?.[1]).toBe('gated: did not keep up, deliveries were dropped');
    gates[0]?.resolve();
  });

  test('a sink that fails stops neither the queue nor the pipeline, and a thousand failures are one line', async () => {
    const { lines, log } = logger();
    const write = vi.fn(async () => {
      throw new FalconetError('SINK_WRITE', 'disk full', { hint: 'Make room' });
    });
    const queue = queued({ name: 'file', write, close: async () => {} }, { log, clock: { now: () => 0 } });
    for (let seq = 0; seq < 1000; seq++) queue.push(delivery(seq));
    await queue.drain();
    expect(write).toHaveBeenCalledTimes(1000);
    expect(queue.failed).toBe(1000);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[0]).toMatchObject({
      sink: 'file',
      lost: { update: 1 },
      code: 'SINK_WRITE',
      hint: 'Make room',
    });
    await queue.close();
    expect(lines[1]?.[0]).toMatchObject({ lost: { update: 999 }, total: 1000 });
  });

  test('a queue goes on after a delivery that was dropped as it came', async () => {
    const written: string[] = [];
    const write = async ({ event }: Delivery) => void written.push(event.id);
    const queue = queued({ name: 'list', write, close: async () => {} }, { limit: 1, ...logger() });
    const push = (id: string, type: 'new' | 'end') => queue.push({ event: anEvent({ id, type }) });
    push('a', 'new');
    push('b', 'new');
    await queue.drain();
    push('a', 'end');
    await queue.drain();
    push('c', 'new');
    await queue.drain();
    expect(written).toEqual(['b', 'c']);
    expect(queue.dropped).toBe(2);
  });

  test('a state that cannot be told is a line in the log', async () => {
    const { lines, log } = logger();
    const state = vi.fn(async () => {
      throw new Error('gone');
    });
    const queue = queued({ name: 'mqtt', write: async () => {}, state, close: async () => {} }, { log });
    queue.state(aReport());
    await turn();
    expect(lines).toEqual([
      [{ sink: 'mqtt', camera: 'drive', message: 'gone' }, 'mqtt: a state was not told'],
    ]);
  });
});

describe('a sink that takes several at once', () => {
  test('has so many under way and no more, in order', async () => {
    const { sink, written, gates } = gatedSink();
    const queue = queued({ ...sink, atOnce: 3 }, logger());
    for (const seq of [0, 1, 2, 3, 4]) queue.push(delivery(seq));
    await turn();
    expect(gates).toHaveLength(3);
    gates[1]?.resolve();
    await turn();
    expect(gates).toHaveLength(4);
    for (const gate of gates) gate.resolve();
    await turn();
    gates[4]?.resolve();
    await queue.drain();
    expect(written).toEqual([1, 0, 2, 3, 4]);
  });
});

describe('a sink that is offline', () => {
  const offline = new FalconetError('SINK_OFFLINE', 'no connection');

  test('gets again what it gave back, in order and before the rest, and nothing is lost', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { sink, written, gates } = gatedSink();
    const queue = queued({ ...sink, atOnce: 2 }, logger());
    for (const seq of [0, 1, 2]) queue.push(delivery(seq));
    await turn();
    gates[1]?.reject(offline);
    gates[0]?.reject(offline);
    await vi.advanceTimersByTimeAsync(999);
    expect(gates).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(gates).toHaveLength(4);
    gates[2]?.resolve();
    gates[3]?.resolve();
    await turn();
    gates[4]?.resolve();
    await queue.drain();
    expect(written).toEqual([0, 1, 2]);
    expect([queue.dropped, queue.failed, queue.size]).toEqual([0, 0, 0]);
  });

  test('holds up no close, and what it has given back counts as dropped where no disk has it', async () => {
    const { sink, gates } = gatedSink();
    const queue = queued(sink, logger());
    queue.push(delivery(0));
    await turn();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    gates[0]?.reject(offline);
    const closed = queue.close();
    await vi.advanceTimersByTimeAsync(1_600);
    await closed;
    expect([queue.dropped, queue.failed]).toEqual([1, 0]);
  });
});

test('what waits for longer than a day goes, counted, when the sink comes back too', async () => {
  let now = 0;
  const { sink, gates, written } = gatedSink();
  const queue = queued(sink, { ...logger(), steadyNow: () => now });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  for (const seq of [0, 1, 2]) queue.push(delivery(seq));
  now = 80_000_000;
  queue.push(delivery(3));
  await turn();
  now = 87_000_000;
  gates[0]?.resolve();
  await turn();
  gates[1]?.resolve();
  await queue.drain();
  expect(written).toEqual([0, 3]);
  expect(queue.dropped).toBe(2);
});

describe('close', () => {
  test('writes what waits, then closes the sink, once', async () => {
    const { sink, written, gates } = gatedSink();
    const queue = queued(sink, logger());
    for (const seq of [0, 1]) queue.push(delivery(seq));
    const closed = queue.close();
    await turn();
    gates[0]?.resolve();
    await turn();
    expect(sink.close).not.toHaveBeenCalled();
    gates[1]?.resolve();
    await closed;
    await queue.close();
    expect(written).toEqual([0, 1]);
    expect(sink.close).toHaveBeenCalledTimes(1);
  });

  test('gives a sink that hangs a second and a half, then says what was left', async () => {
    vi.useFakeTimers();
    const { lines, log } = logger();
    const { sink, gates } = gatedSink();
    const queue = queued({ ...sink, close: async () => gates[0]?.reject(new Error('closed')) }, { log });
    for (const seq of [0, 1, 2]) queue.push(delivery(seq));
    const closed = queue.close();
    await vi.advanceTimersByTimeAsync(1499);
    expect(queue.dropped).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await closed;
    expect([queue.dropped, queue.failed]).toEqual([2, 1]);
    expect(lines.map(([, sentence]) => sentence)).toContain(
      'gated: did not keep up, deliveries were dropped',
    );
  });

  test('what comes after it is dropped and counted', async () => {
    const { sink } = gatedSink();
    const queue = queued(sink, logger());
    await queue.close();
    queue.push(delivery(0));
    expect(queue.dropped).toBe(1);
  });
});
