import { expect, test, vi } from 'vitest';
import { SharedDetector } from '../../nodes/lib/shared-detector.ts';
import type { Detector } from '../../src/core/detection.ts';

function counted() {
  const log: string[] = [];
  const open = vi.fn(async () => {
    log.push('open');
    return { close: async () => void log.push('close') } as Partial<Detector> as Detector;
  });
  return { log, open, shared: new SharedDetector({ processes: 1, open }) };
}

test('many nodes share one detector, which is closed with the last of them', async () => {
  const { log, shared } = counted();
  const [a, b] = await Promise.all([shared.acquire(), shared.acquire()]);
  expect(a).toBe(b);
  await shared.release();
  expect(log).toEqual(['open']);
  await shared.release();
  expect(log).toEqual(['open', 'close']);
});

test('a node that is gone while the model loads leaves no process', async () => {
  const { log, shared } = counted();
  void shared.acquire();
  await shared.release();
  expect(log).toEqual(['open', 'close']);
});

test('a redeploy opens the next when the one before has gone', async () => {
  const { log, shared } = counted();
  await shared.acquire();
  void shared.release();
  await shared.acquire();
  expect(log).toEqual(['open', 'close', 'open']);
});

test('a model that cannot be opened is told to each, and tried again by the next deploy', async () => {
  const { open, shared } = counted();
  open.mockRejectedValueOnce(new Error('broken'));
  const both = [shared.acquire(), shared.acquire()];
  for (const one of both) await expect(one).rejects.toThrow('broken');
  await Promise.all([shared.release(), shared.release()]);
  await expect(shared.acquire()).resolves.toBeDefined();
});
