import { defer, Observable, type ObservableInput, type OperatorFunction } from 'rxjs';

export interface InOrderOptions<T> {
  /** Most items under way at once, from 1. */
  readonly runs: number;
  /** Most items that are under way or wait, from `runs`. */
  readonly most: number;
  /** Gets each item beyond `most` (`full`), and those without a result when the stream fails or is left (`left`). */
  readonly onRefuse: (item: T, why: RefuseReason) => void;
}

export type RefuseReason = 'full' | 'left';

interface Entry<T, R> {
  readonly item: T;
  state: 'waiting' | 'running' | 'done';
  readonly results: R[];
}

/**
 * Every item is worked on, none is replaced by a newer one, and results come in the order of the items although
 * several are under way. What waits is bounded: beyond `most`, an item is refused at once.
 *
 * The end of the source is passed on once all is done; an error of the source or of a run at once.
 *
 * @param run - subscribed when the item's turn comes; unsubscribed when the stream is left.
 */
export function inOrder<T, R>(
  { runs, most, onRefuse }: InOrderOptions<T>,
  run: (item: T) => ObservableInput<R>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      const entries: Entry<T, R>[] = [];
      let running = 0;
      let hasEnded = false;

      const startAll = (): void => {
        for (const entry of entries.filter(({ state }) => state === 'waiting').slice(0, runs - running)) {
          start(entry);
        }
      };

      const start = (entry: Entry<T, R>): void => {
        entry.state = 'running';
        running++;
        const results = defer(() => run(entry.item));
        subscriber.add(
          results.subscribe({
            next: (result) => entry.results.push(result),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              entry.state = 'done';
              running--;
              emit();
              startAll();
            },
          }),
        );
      };

      const emit = (): void => {
        while (entries[0]?.state === 'done') {
          for (const result of entries.shift()?.results ?? []) subscriber.next(result);
        }
        if (hasEnded && entries.length === 0) subscriber.complete();
      };

      subscriber.add(() => {
        for (const { item } of entries.splice(0)) onRefuse(item, 'left');
      });
      subscriber.add(
        source.subscribe({
          next: (item) => {
            if (entries.length >= most) return onRefuse(item, 'full');
            entries.push({ item, state: 'waiting', results: [] });
            startAll();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            hasEnded = true;
            emit();
          },
        }),
      );
    });
}
