import fc from 'fast-check';
import { concatMap, from, map, type ObservableInput, of, tap, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test, vi } from 'vitest';
import { type MicroBatchOptions, microBatch } from '../../src/streams/micro-batch.ts';

/** Items are a letter for their key and a number: a1, a2, b1. */
const byCamera: MicroBatchOptions<string> = {
  size: 8,
  runs: 1,
  keyOf: (item) => item.slice(0, 1),
  onDrop: () => {},
};

function marbles(play: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(play);
}

describe('batches by load', () => {
  test('runs at once when idle, then the newest frame of each camera as one batch', () => {
    const onDrop = vi.fn();
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const frames = cold('  a-bcd-------|', { a: 'a1', b: 'b1', c: 'a2', d: 'a3' });
      const model = cold('   ----(r|)        ');
      const expected = '     ----x---(yz)|';
      const modelSubs = ['   ^---!', '       ----^---!'];
      const out = frames.pipe(microBatch({ ...byCamera, onDrop }, (batch) => model.pipe(map(() => batch))));

      // b waits first, so it stands first.
      expectObservable(out).toBe(expected, { x: 'a1', y: 'b1', z: 'a3' });
      expectSubscriptions(model.subscriptions).toBe(modelSubs);
    });
    expect(onDrop.mock.calls).toEqual([['a2']]);
  });

  test('two runs are under way at once, a third waits', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const frames = cold('  abc|', { a: 'a1', b: 'b1', c: 'c1' });
      const model = cold('   ----(r|)');
      const expected = '     ----ab--(c|)';
      const modelSubs = ['   ^---!', '-^---!', '----^---!'];
      const out = frames.pipe(microBatch({ ...byCamera, runs: 2 }, (batch) => model.pipe(map(() => batch))));

      expectObservable(out).toBe(expected, { a: 'a1', b: 'b1', c: 'c1' });
      expectSubscriptions(model.subscriptions).toBe(modelSubs);
    });
  });

  test('a batch holds no more than its size, and who waits longest goes first', () => {
    const batches: string[] = [];
    marbles(({ cold, expectObservable }) => {
      // a2 takes a place of its own behind b and c; b2 takes the place that b1 had.
      const frames = cold('  abcdef---|', { a: 'a1', b: 'b1', c: 'c1', d: 'a2', e: 'b2', f: 'd1' });
      const model = cold('   ------(r|)');
      const out = frames.pipe(
        microBatch({ ...byCamera, size: 2 }, (batch) => {
          batches.push(batch.join());
          return model.pipe(map(() => []));
        }),
      );
      expectObservable(out).toBe('------------------|');
    });
    expect(batches).toEqual(['a1', 'b2,c1', 'a2,d1']);
  });

  test('a camera is never in two runs at once, so its results keep their order', () => {
    marbles(({ cold, expectObservable }) => {
      const frames = cold('  ab-c|       ', { a: 'a1', b: 'a2', c: 'b1' });
      const times: Record<string, string> = { a1: '------(r|)', a2: '-(r|)', b1: '-(r|)' };
      const expected = '     ----b-a(c|)';
      const out = frames.pipe(
        microBatch({ ...byCamera, runs: 3 }, (batch) =>
          cold(times[batch[0] ?? ''] ?? '').pipe(map(() => batch)),
        ),
      );
      expectObservable(out).toBe(expected, { a: 'a1', b: 'b1', c: 'a2' });
    });
  });

  test('results of any run that answers at once are all there', () => {
    const seen: string[] = [];
    of('a1', 'b1', 'a2')
      .pipe(microBatch(byCamera, (batch) => [batch]))
      .subscribe({ next: (item) => seen.push(item), error: expect.fail });
    expect(seen).toEqual(['a1', 'b1', 'a2']);
  });
});

describe('how it ends', () => {
  test.each([
    { name: 'nothing came', frames: '---|', expected: '---|', runs: 0 },
    { name: 'a run is under way', frames: 'a|', expected: '----(a|)', runs: 1 },
    { name: 'items wait', frames: '(ab)|', expected: '----a---(b|)', runs: 2 },
  ])('the end waits for the results: $name', ({ frames, expected, runs }) => {
    const run = vi.fn<(batch: readonly string[]) => ObservableInput<readonly string[]>>();
    marbles(({ cold, expectObservable }) => {
      run.mockImplementation((batch) => cold('----(r|)').pipe(map(() => batch)));
      const values = { a: 'a1', b: 'b1' };
      expectObservable(cold(frames, values).pipe(microBatch(byCamera, run))).toBe(expected, values);
    });
    expect(run).toHaveBeenCalledTimes(runs);
  });

  test('an error of the source passes at once, ends the run and drops what waits', () => {
    const onDrop = vi.fn();
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const frames = cold('  ab-#', { a: 'a1', b: 'b1' });
      const model = cold('   ------(r|)');
      const out = frames.pipe(microBatch({ ...byCamera, onDrop }, () => model.pipe(map(() => []))));
      expectObservable(out).toBe('---#');
      expectSubscriptions(model.subscriptions).toBe('^--!');
    });
    expect(onDrop.mock.calls).toEqual([['b1']]);
  });

  const broken = new Error('broken');
  const breakAtOnce = (): never => {
    throw broken;
  };
  const breakLater = () => timer(2).pipe(map(breakAtOnce));
  test.each([
    { name: 'one that emits it', run: breakLater, expected: '--#', left: '^-!' },
    { name: 'one that throws it', run: breakAtOnce, expected: '#', left: '(^!)' },
  ])('an error of a run passes and leaves the source: $name', ({ run, expected, left }) => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const frames = cold('a-----|');
      expectObservable(frames.pipe(microBatch(byCamera, run))).toBe(expected, {}, broken);
      expectSubscriptions(frames.subscriptions).toBe(left);
    });
  });

  test('leaving early leaves source and run, and drops what waits', () => {
    const onDrop = vi.fn();
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const frames = cold('  abc------|', { a: 'a1', b: 'b1', c: 'c1' });
      const model = cold('   --------(r|)');
      const leave = '        -----!';
      const out = frames.pipe(microBatch({ ...byCamera, onDrop }, () => model.pipe(map(() => []))));
      expectObservable(out, leave).toBe('');
      expectSubscriptions(frames.subscriptions).toBe('^----!');
      expectSubscriptions(model.subscriptions).toBe('^----!');
    });
    expect(onDrop.mock.calls).toEqual([['b1'], ['c1']]);
  });
});

interface Item {
  readonly id: number;
  readonly key: string;
  /** When it comes after the one before, and how long a run that begins with it takes, in ms. */
  readonly wait: number;
  readonly takes: number;
}

/** What became of the items, each coming at its time. */
function play(items: readonly Item[], size: number, runs: number) {
  const dropped: number[] = [];
  const done: Item[] = [];
  let underWay = 0;
  const run = (batch: readonly Item[]) => {
    underWay++;
    expect(underWay).toBeLessThanOrEqual(runs);
    expect(batch.length).toBeLessThanOrEqual(size);
    expect(new Set(batch.map(({ key }) => key)).size).toBe(batch.length);
    return timer(batch[0]?.takes ?? 0).pipe(
      tap(() => underWay--),
      map(() => batch),
    );
  };
  const options = { size, runs, keyOf: ({ key }: Item) => key, onDrop: ({ id }: Item) => dropped.push(id) };
  new TestScheduler(() => {}).run(() => {
    from(items)
      .pipe(
        concatMap((item) => timer(item.wait).pipe(map(() => item))),
        microBatch(options, run),
      )
      .subscribe({ next: (item) => done.push(item), error: expect.fail });
  });
  return { dropped, done };
}

test('whatever comes and however long runs take, each item is run or dropped once, in the order of its camera', () => {
  const item = fc.record({ key: fc.constantFrom('a', 'b', 'c'), wait: fc.nat(5), takes: fc.nat(9) });
  const few = fc.integer({ min: 1, max: 3 });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), few, few, (given, size, runs) => {
      const items = given.map((each, id) => ({ ...each, id }));
      const { dropped, done } = play(items, size, runs);

      const seen = [...done.map(({ id }) => id), ...dropped];
      expect(seen.toSorted((a, b) => a - b)).toEqual(items.map(({ id }) => id));
      for (const camera of ['a', 'b', 'c']) {
        const ids = done.filter(({ key }) => key === camera).map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }
    }),
  );
});
