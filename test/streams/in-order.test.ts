import fc from 'fast-check';
import { delay, from, map, of, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test, vi } from 'vitest';
import { inOrder } from '../../src/streams/in-order.ts';

function marbles(play: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(play);
}

const roomy = { runs: 2, most: 8, onRefuse: () => {} };

describe('every picture is answered in its turn', () => {
  test('a quick one waits for the slow one before it', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const items = cold('   ab|');
      const slow = cold('    -----(a|)');
      const quick = cold('   -(b|)     ');
      const expected = '     -----(ab|)';
      const out = items.pipe(inOrder(roomy, (item) => (item === 'a' ? slow : quick)));
      expectObservable(out).toBe(expected);
      expectSubscriptions(quick.subscriptions).toBe('-^!');
    });
  });

  test('no more than `runs` are under way, the rest waits', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const items = cold('   abc|');
      const model = cold('   ----(r|)');
      const out = items.pipe(inOrder(roomy, (item) => model.pipe(map(() => item))));
      expectObservable(out).toBe('----ab--(c|)');
      expectSubscriptions(model.subscriptions).toBe(['^---!', '-^---!', '----^---!']);
    });
  });

  test('beyond the bound an item is refused at once, and the next is taken when there is room', () => {
    const onRefuse = vi.fn();
    marbles(({ cold, expectObservable }) => {
      const items = cold('  abcd--e|');
      const out = items.pipe(inOrder({ runs: 1, most: 2, onRefuse }, (item) => of(item).pipe(delay(5))));
      expectObservable(out).toBe('-----a----b----(e|)');
    });
    expect(onRefuse.mock.calls).toEqual([
      ['c', 'full'],
      ['d', 'full'],
    ]);
  });

  test('who leaves is handed back what has no answer, running or waiting', () => {
    const onRefuse = vi.fn();
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const items = cold('  abc---------');
      const model = cold('  ----(r|)');
      const out = items.pipe(inOrder({ runs: 1, most: 8, onRefuse }, (item) => model.pipe(map(() => item))));
      expectObservable(out, '------!').toBe('----a--');
      expectSubscriptions(model.subscriptions).toBe(['^---!', '----^-!']);
    });
    expect(onRefuse.mock.calls).toEqual([
      ['b', 'left'],
      ['c', 'left'],
    ]);
  });

  test('a run that fails ends all at once and hands back the rest', () => {
    const onRefuse = vi.fn();
    marbles(({ cold, expectObservable }) => {
      const items = cold('ab-');
      const fault = new Error('torn');
      const out = items.pipe(
        inOrder({ ...roomy, onRefuse }, (item) => (item === 'b' ? throwError(() => fault) : timer(50))),
      );
      expectObservable(out).toBe('-#', undefined, fault);
    });
    expect(onRefuse.mock.calls).toEqual([
      ['a', 'left'],
      ['b', 'left'],
    ]);
  });

  test('an empty source ends at once', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('--|').pipe(inOrder(roomy, (item) => of(item)))).toBe('--|');
    });
  });

  test('whatever each takes, all come once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (times, runs) => {
        marbles(({ flush }) => {
          const seen: number[] = [];
          from(times.map((ms, index) => ({ ms, index })))
            .pipe(
              inOrder({ runs, most: 30, onRefuse: () => {} }, ({ ms, index }) =>
                timer(ms).pipe(map(() => index)),
              ),
            )
            .subscribe({
              next: (index) => seen.push(index),
              error: (error: unknown) => expect(error).toBeUndefined(),
            });
          flush();
          expect(seen).toEqual(times.map((_, index) => index));
        });
      }),
    );
  });
});
