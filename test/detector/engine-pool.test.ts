import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { EngineClient } from '../../src/detector/engine-client.ts';
import { EnginePool, type EnginePoolOptions } from '../../src/detector/engine-pool.ts';
import { clientOf, job, ready, saying, stay } from './stand-in.ts';

/** Ready, and never answers. */
const mute = ready + stay;

/** Ready, and answers the first batch. */
const answering = `${ready} new (require('net').Socket)({ fd: 3 }).once('data', () => {
  ${saying({ kind: 'detections', id: 0, detections: [[]] })} });`;

async function started(script: string): Promise<EngineClient> {
  const client = await clientOf(script);
  await client.ready;
  return client;
}

async function poolOf(clients: EngineClient[], options: Partial<EnginePoolOptions> = {}) {
  await Promise.all(clients.map((client) => client.ready));
  const pool = new EnginePool({ clients, start: () => clientOf(mute), log: silentLog, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

describe('a pool of engine processes', () => {
  test('fills the least busy first, two batches each, and keeps the rest back', async () => {
    const clients = [await clientOf(mute), await clientOf(mute)];
    const pool = await poolOf(clients);
    const outstanding = [1, 2, 3, 4, 5].map(() => {
      pool.detect([job]).catch(() => {}); // told on close, which the next test looks at
      return clients.map((client) => client.outstanding);
    });
    expect(outstanding).toEqual([
      [1, 0],
      [1, 1],
      [2, 1],
      [2, 2],
      [2, 2],
    ]);
  });

  test('tells every batch when it closes, those that waited too', async () => {
    const pool = await poolOf([await clientOf(mute)]);
    const batches = Promise.allSettled([1, 2, 3].map(() => pool.detect([job])));
    await Promise.all([pool.close(), pool.close()]);
    for (const batch of await batches) {
      expect(batch).toMatchObject({ status: 'rejected', reason: { code: 'ENGINE_ENDED' } });
    }
    await expect(pool.detect([job])).rejects.toMatchObject({ code: 'ENGINE_ENDED' });
  });

  test('refuses a caller that never waits instead of hoarding frames', async () => {
    const pool = await poolOf([await clientOf(mute)]);
    const held = Promise.allSettled(Array.from({ length: 66 }, () => pool.detect([job])));
    await expect(pool.detect([job])).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      hint: expect.any(String),
    });
    await pool.close();
    await held;
  });

  test('gives what waited to the process that takes the place of a dead one', async () => {
    const pool = await poolOf([await clientOf(ready)], { start: () => started(answering) });
    const batches = await Promise.allSettled([1, 2, 3].map(() => pool.detect([job])));
    expect(batches.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  test('starts no process any more when it closes while it waits to start one', async () => {
    const start = vi.fn(() => clientOf(mute));
    const warn = vi.fn();
    const pool = await poolOf([await clientOf(ready)], { start, log: { ...silentLog, warn } });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), { timeout: 10_000, interval: 5 });
    await pool.close();
    expect(start).not.toHaveBeenCalled();
  });

  test('gives up a process that does not start again, however often the clock is set forward', async () => {
    let at = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => (at += 120_000));
    onTestFinished(() => void vi.restoreAllMocks());
    const error = vi.fn();
    const start = vi.fn(() => Promise.reject(new Error('illegal instruction')));
    await poolOf([await clientOf(ready)], { start, log: { ...silentLog, error } });
    await vi.waitFor(() => expect(error).toHaveBeenCalledOnce(), { timeout: 10_000 });
    expect(start).toHaveBeenCalledTimes(4);
  });

  test('gives up a process that dies again and again, with a last word for everyone', async () => {
    const warn = vi.fn();
    const error = vi.fn();
    const dying = `${ready} process.stderr.write('illegal instruction'); process.exitCode = 9;`;
    const start = vi.fn(() => started(dying));
    const pool = await poolOf([await start()], { start, log: { ...silentLog, warn, error } });
    await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(1), { timeout: 10_000 });

    expect(start).toHaveBeenCalledTimes(5);
    expect(warn.mock.calls.map(([facts]) => facts.waitMs)).toEqual([100, 200, 400, 800]);
    await expect(pool.detect([job])).rejects.toMatchObject({
      code: 'ENGINE_GONE',
      message: expect.stringMatching(/died 5 times .* exit code 9: illegal instruction/),
      hint: expect.stringContaining('another engine'),
    });
  });

  test('tries again when a process that died too often has had its rest', async () => {
    const error = vi.fn();
    let tries = 0;
    const start = () => (++tries <= 4 ? Promise.reject(new Error('out of memory')) : started(answering));
    const log = { ...silentLog, error };
    const pool = await poolOf([await clientOf(ready)], { start, log, restMs: 1_000 });
    await vi.waitFor(() => expect(error).toHaveBeenCalledOnce(), { timeout: 10_000 });
    await expect(pool.detect([job])).rejects.toMatchObject({ code: 'ENGINE_GONE' });
    await vi.waitFor(() => expect(tries).toBe(5), { timeout: 10_000, interval: 5 });
    await expect(pool.detect([job])).resolves.toEqual([[]]);
  });

  test('of two has both again when the one that died too often has had its rest', async () => {
    let tries = 0;
    const start = () => (++tries <= 4 ? Promise.reject(new Error('out of memory')) : started(answering));
    const error = vi.fn();
    const log = { ...silentLog, error };
    const other = await clientOf(mute);
    const pool = await poolOf([await clientOf(ready), other], { start, log, restMs: 1_000 });
    await vi.waitFor(() => expect(error).toHaveBeenCalledOnce(), { timeout: 10_000 });
    const held = [1, 2].map(() => pool.detect([job]).catch(() => {})); // all that the other one takes
    const third = pool.detect([job]);
    expect(other.outstanding).toBe(2);
    await expect(third).resolves.toEqual([[]]);
    await pool.close();
    await Promise.all(held);
  });
});
