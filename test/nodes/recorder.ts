/** Things that happen, in their order, and a way to wait for one that has happened or will. */
export class Recorder<T> {
  readonly all: T[] = [];
  readonly #waiters = new Set<() => void>();

  add(item: T): void {
    this.all.push(item);
    for (const look of this.#waiters) look();
  }

  /** The first that the predicate holds for. Rejects after `timeoutMs` with what did happen. @default 30000 */
  async waitFor(predicate: (item: T) => boolean, timeoutMs = 30_000): Promise<T> {
    await this.waitUntil(() => this.all.some(predicate), timeoutMs);
    return this.all.find(predicate) as T;
  }

  waitForCount(count: number, timeoutMs?: number): Promise<void> {
    return this.waitUntil(() => this.all.length >= count, timeoutMs);
  }

  waitUntil(isTrue: () => boolean, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(look);
        reject(new Error(`expected something else within ${timeoutMs} ms, got ${JSON.stringify(this.all)}`));
      }, timeoutMs);
      this.#waiters.add(look);
      look();
    });
  }
}
