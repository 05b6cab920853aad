import { concat, type Observable, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Arrival } from '../../src/streams/frame-target.ts';
import { watchFrozen } from '../../src/streams/watch-frozen.ts';

const alarm = new FalconetError(
  'SOURCE_STALLED',
  'drive: expected pictures that change, got one for 4000 ms',
  {
    hint: 'Restart the camera: it sends one and the same picture',
    facts: { reason: 'frozen-picture' },
  },
);

/** A frame a second; its letter is its picture, and `released` tells which ones came back. */
function film() {
  const released: number[] = [];
  const frame = (seq: number, picture: string): Frame => ({
    ...{
      camera: 'drive',
      seq,
      pts: seq * 1_000,
      wallTime: seq * 1_000,
      width: 2,
      height: 2,
      format: 'rgb24',
    },
    data: new Uint8Array(12).fill(picture.charCodeAt(0)),
    release: () => released.push(seq),
  });
  const frames = (pictures: string, first = 0) =>
    [...pictures].map((picture, i) => frame(first + i, picture));
  return { frames, released };
}

function watched(afterMs: number) {
  const counted: string[] = [];
  const watch = watchFrozen({ camera: 'drive', afterMs, onFrozen: () => counted.push('frozen') });
  return { watch, counted };
}

function run(play: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(play);
}

describe('frames of a camera', () => {
  test('pass while they change, and those that found no place too', () => {
    const { watch, counted } = watched(4_000);
    const values: Record<string, Arrival> = Object.fromEntries(
      film()
        .frames('xyxyx')
        .map((frame, i) => ['abcde'[i] ?? '', frame]),
    );
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Arrival>('ab-zc-de|', { ...values, z: 'busy' });
      expectObservable(source.pipe(watch)).toBe('  ab-zc-de|', { ...values, z: 'busy' });
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
    expect(counted).toEqual([]);
  });

  test('an error of theirs is passed on, and leaving is passed up', () => {
    const { watch } = watched(4_000);
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold<Arrival>('-#');
      expectObservable(failing.pipe(watch)).toBe('-#');
      const endless = cold<Arrival>('----');
      expectObservable(endless.pipe(watch), '--!').toBe('----');
      expectSubscriptions(endless.subscriptions).toBe('^-!');
    });
  });
});

const seqsOf = (frames: Observable<Arrival>): (number | string)[] => {
  const seen: (number | string)[] = [];
  frames.subscribe({
    next: (arrival) => seen.push(arrival === 'busy' ? arrival : arrival.seq),
    error: (error: unknown) => seen.push(String(error)),
  });
  return seen;
};

test('the frame that makes it too long is given back and counted, and the session ends', () => {
  const { frames, released } = film();
  const { watch, counted } = watched(4_000);
  expect(seqsOf(of(...frames('axxxxxx')).pipe(watch))).toEqual([0, 1, 2, 3, 4, String(alarm)]);
  expect(released).toEqual([5]);
  expect(counted).toHaveLength(1);
});

test('the next session is frozen from its first frame on, and live with the first other picture', () => {
  const { frames, released } = film();
  const { watch } = watched(4_000);
  seqsOf(of(...frames('xxxxx')).pipe(watch));
  expect(seqsOf(of(...frames('xxxy', 10)).pipe(watch))).toEqual([13]);
  expect(released).toEqual([4, 10, 11, 12]);
});

test('a camera that nobody minds is let alone', () => {
  const { frames } = film();
  const { watch } = watched(Number.POSITIVE_INFINITY);
  const source = concat(
    of(...frames('xxxxxx')),
    throwError(() => alarm),
  );
  expect(seqsOf(source.pipe(watch))).toEqual([0, 1, 2, 3, 4, 5, String(alarm)]);
});
