import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CameraSource } from '../../src/core/camera-source.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Arrival } from '../../src/streams/frame-target.ts';
import { supervise } from '../../src/streams/supervise.ts';

beforeEach(() => vi.spyOn(Math, 'random').mockReturnValue(0)); // waits without their share of chance
afterEach(() => vi.restoreAllMocks());

const RTSP: CameraSource = { kind: 'rtsp', url: 'rtsp://camera/' };
const refused = new FalconetError('SOURCE_ENDED', 'refused', { facts: { reason: 'refused' } });
const wrong = new FalconetError('SOURCE_ADDRESS', 'expected an address');
type Helpers = Parameters<Parameters<TestScheduler['run']>[0]>[0];

/** Plays with a supervised source in virtual time; what failed comes back as `code reason`, with its time. */
function play(
  source: CameraSource,
  make: (helpers: Helpers, supervised: (sessions: Observable<Arrival>) => Observable<Arrival>) => void,
): string[] {
  const failures: string[] = [];
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const onFailure = (error: unknown): void => {
    const { code, facts } = error as FalconetError;
    failures.push(`${scheduler.now()} ${code} ${facts['reason'] ?? ''}`.trim());
  };
  scheduler.run((helpers) =>
    make(helpers, (sessions) =>
      sessions.pipe(supervise({ camera: 'drive', source, fps: 5, onFailure, onFrozen() {} })),
    ),
  );
  return failures;
}

describe('a camera is started again', () => {
  test('when it gives no first frame within 15 s, with waits that double', () => {
    const failures = play(RTSP, ({ cold, expectObservable, expectSubscriptions }, supervised) => {
      const mute = cold<Arrival>('-');
      expectObservable(supervised(mute), '54999ms !').toBe('-');
      expectSubscriptions(mute.subscriptions).toBe([
        '^ 14999ms !',
        '17500ms ^ 14999ms !',
        '37500ms ^ 14999ms !',
      ]);
    });
    expect(failures).toEqual([
      '15000 SOURCE_STALLED timed-out',
      '32500 SOURCE_STALLED timed-out',
      '52500 SOURCE_STALLED timed-out',
    ]);
  });

  test('when it falls silent for 10 s, and its waits begin anew after a frame', () => {
    const failures = play(RTSP, ({ cold, expectObservable }, supervised) => {
      const one = cold<Arrival>('1s a', { a: 'busy' });
      expectObservable(supervised(one), '30s !').toBe('1s a 13499ms a 13499ms a', { a: 'busy' });
    });
    expect(failures).toEqual(['11000 SOURCE_STALLED timed-out', '24500 SOURCE_STALLED timed-out']);
  });

  test('when it ends well: a camera has no last frame', () => {
    const failures = play(RTSP, ({ cold, expectObservable }, supervised) => {
      const short = cold<Arrival>('a 999ms |', { a: 'busy' });
      expectObservable(supervised(short), '4s !').toBe('a 3499ms a', { a: 'busy' });
    });
    expect(failures).toEqual(['1000 SOURCE_ENDED stream-ended']);
  });

  test('at most every minute', () => {
    const failures = play(RTSP, ({ cold, expectObservable }, supervised) => {
      expectObservable(supervised(cold<Arrival>('#', {}, refused)), '300s !').toBe('-');
    });
    const times = failures.map((line) => Number.parseInt(line, 10) / 1_000);
    expect(times).toEqual([0, 2.5, 7.5, 17.5, 37.5, 77.5, 137.5, 197.5, 257.5]);
  });
});

test('an address that no retry can mend ends it', () => {
  const failures = play(RTSP, ({ cold, expectObservable, expectSubscriptions }, supervised) => {
    const source = cold<Arrival>('-#', {}, wrong);
    expectObservable(supervised(source)).toBe('-#', {}, wrong);
    expectSubscriptions(source.subscriptions).toBe('^!');
  });
  expect(failures).toEqual(['1 SOURCE_ADDRESS']);
});

test.each([
  {
    name: 'snapshots a minute',
    source: { kind: 'poll', url: 'http://camera/', intervalMs: 60_000 },
    gap: 180,
  },
  { name: 'snapshots a second', source: { kind: 'poll', url: 'http://camera/', intervalMs: 1_000 }, gap: 10 },
  { name: 'key frames', source: { ...RTSP, keyframesOnly: true }, gap: 30 },
] as const)('patience fits what is usual: $name', ({ source, gap }) => {
  const failures = play(source, ({ cold, expectObservable }, supervised) => {
    const one = cold<Arrival>('a', { a: 'busy' });
    expectObservable(supervised(one), `${gap + 1}s !`).toBe('a', { a: 'busy' });
  });
  expect(failures).toEqual([`${gap * 1_000} SOURCE_STALLED timed-out`]);
});
