import { defer, Observable, type ObservableInput, type OperatorFunction } from 'rxjs';
import { WaitingItems } from './waiting-items.ts';

export interface MicroBatchOptions<T> {
  /** Most items of one batch, from 1. */
  readonly size: number;
  /** Most batches under way at once, from 1. */
  readonly runs: number;
  /** Items of one key replace each other while they wait, and are never under way together. */
  readonly keyOf: (item: T) => string;
  /** Gets each item that a newer one replaced, and those that still wait when the stream fails or is left. */
  readonly onDrop: (item: T) => void;
}

/**
 * Batches by load, not by clock: an item starts a `run` at once while fewer than `runs` are under way; items that
 * come meanwhile wait, newest per key, and form the next batches. So an idle pipeline adds no latency and a slow
 * model sees fresh frames in full batches; at most one item per key waits.
 *
 * Fair: the key that waits longest goes first, and a replaced item leaves its place to the newer one. An item waits
 * while one of its key is under way, so the results of one key keep their order; those of different runs come as
 * the runs end. The end of the source is passed on once all is done; an error of the source or of a run at once.
 *
 * @param run - one model call for a whole batch, whose items are its own from then on; emits one array of results,
 *   then completes. Unsubscribed when the stream is left.
 */
export function microBatch<T, R>(
  { size, runs, keyOf, onDrop }: MicroBatchOptions<T>,
  run: (batch: readonly T[]) => ObservableInput<readonly R[]>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      const waiting = new WaitingItems<T>();
      let running = 0;
      let hasEnded = false;

      const startAll = (): void => {
        while (running < runs) {
          const batch = waiting.takeBatch(size);
          if (batch.size === 0) break;
          start(batch);
        }
        if (hasEnded && running === 0 && waiting.isEmpty) subscriber.complete();
      };

      const start = (batch: ReadonlyMap<string, T>): void => {
        running++;
        const results = defer(() => run([...batch.values()]));
        subscriber.add(
          results.subscribe({
            next: (all) => {
              for (const result of all) subscriber.next(result);
            },
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              running--;
              waiting.finish(batch.keys());
              startAll();
            },
          }),
        );
      };

      subscriber.add(() => {
        for (const item of waiting.takeAll()) onDrop(item);
      });
      subscriber.add(
        source.subscribe({
          next: (item) => {
            const replaced = waiting.put(keyOf(item), item);
            if (replaced !== undefined) onDrop(replaced);
            startAll();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            hasEnded = true;
            startAll();
          },
        }),
      );
    });
}
