import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RateLimitedLog, withoutRepeats } from '../../src/daemon/repeats.ts';

let lines: string[];
let log: RateLimitedLog;
beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const write = (level: string) => (facts: object, sentence: string) =>
    void lines.push(`${level} ${sentence} ${JSON.stringify(facts)}`);
  log = withoutRepeats(
    { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    { everyMs: 10_000 },
  );
});
afterEach(() => {
  vi.useRealTimers();
});

test('of a fault that comes again and again one line is written at once, then one for all in each interval', () => {
  for (let ms = 0; ms < 25_000; ms += 1_000) {
    log.warn({ camera: 'drive', ms }, 'no picture');
    vi.advanceTimersByTime(1_000);
  }
  expect(lines).toEqual([
    'warn no picture {"camera":"drive","ms":0}',
    'warn no picture {"camera":"drive","ms":9000,"repeated":9}',
    'warn no picture {"camera":"drive","ms":19000,"repeated":10}',
  ]);
});

test('another camera, another sentence and another weight are told at once', () => {
  log.warn({ camera: 'drive' }, 'no picture');
  log.warn({ camera: 'porch' }, 'no picture');
  log.warn({ camera: 'drive' }, 'no key frame');
  log.error({ camera: 'drive' }, 'no picture');
  log.warn({ sink: 'file' }, 'no picture');
  expect(lines).toHaveLength(5);
});

test('a fault that comes back after it was quiet is told at once', () => {
  log.error({}, 'disk full');
  vi.advanceTimersByTime(10_001);
  log.error({}, 'disk full');
  expect(lines).toHaveLength(2);
});

test('infos and debug lines all pass, since each brings facts of its own', () => {
  log.info({ changed: ['a'] }, 'read again');
  log.info({ changed: ['b'] }, 'read again');
  log.debug({ late: 1 }, 'dropped');
  log.debug({ late: 2 }, 'dropped');
  expect(lines).toHaveLength(4);
});

test('what is held back at the end is not lost', () => {
  for (let i = 0; i < 3; i++) log.error({ i }, 'disk full');
  log.flush();
  log.flush();
  expect(lines).toEqual(['error disk full {"i":0}', 'error disk full {"i":2,"repeated":2}']);
});

test('a thousand different sentences do not fill the memory, and none is lost', () => {
  for (let i = 0; i < 1_000; i++) log.warn({}, `sentence ${i}`);
  expect(lines).toHaveLength(1_000);
  expect(vi.getTimerCount()).toBe(500);
});
