import { expect, test } from 'vitest';
import { FramePool } from '../../src/streams/frame-pool.ts';

test('before the size is known there is no place', () => {
  expect(new FramePool(4).take()).toBeUndefined();
});

test('so many places and no more, each in other memory', () => {
  const pool = new FramePool(2);
  pool.fit(4, 2);
  const [first, second] = [pool.take(), pool.take()];
  expect([first?.data.length, second?.data.length]).toEqual([24, 24]);
  expect(first?.data.buffer).not.toBe(second?.data.buffer);
  expect(pool.take()).toBeUndefined();
});

test('a place that came back is lent again, and coming back twice does not lend it twice', () => {
  const pool = new FramePool(1);
  pool.fit(4, 2);
  const first = pool.take();
  first?.release();
  first?.release();
  const again = pool.take();
  expect(again?.data).toBe(first?.data);
  first?.release();
  expect(pool.take()).toBeUndefined();
});

test('the same size keeps the places, another makes new ones and forgets the old', () => {
  const pool = new FramePool(1);
  pool.fit(4, 2);
  const old = pool.take();
  pool.fit(4, 2);
  expect(pool.take()).toBeUndefined();

  pool.fit(8, 2);
  const large = pool.take();
  expect(large?.data.length).toBe(48);
  old?.release();
  expect(pool.take()).toBeUndefined();
});

test('who waits for a place is told of the next one, at once if there is one', async () => {
  const pool = new FramePool(1);
  pool.fit(4, 2);
  await pool.freed();
  const slot = pool.take();
  let told = 0;
  const waits = [pool.freed(), pool.freed()].map((wait) => wait.then(() => told++));
  await Promise.resolve();
  expect(told).toBe(0);
  slot?.release();
  await Promise.all(waits);
  expect(told).toBe(2);
});
