/**
 * Items that wait for a run: the newest of each key, the key that waits longest first, and none of a key that is
 * under way.
 */
export class WaitingItems<T> {
  /** A Map keeps the place of a key whose item is replaced. */
  readonly #waiting = new Map<string, T>();
  readonly #underWay = new Set<string>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @returns the item that it replaced. */
  put(key: string, item: T): T | undefined {
    const replaced = this.#waiting.get(key);
    this.#waiting.set(key, item);
    return replaced;
  }

  /** Takes at most `size` items, their keys being under way from here on. */
  takeBatch(size: number): Map<string, T> {
    const batch = new Map<string, T>();
    for (const [key, item] of this.#waiting) {
      if (batch.size === size) break;
      if (!this.#underWay.has(key)) batch.set(key, item);
    }
    for (const key of batch.keys()) {
      this.#waiting.delete(key);
      this.#underWay.add(key);
    }
    return batch;
  }

  /** The run with these keys has ended. */
  finish(keys: Iterable<string>): void {
    for (const key of keys) this.#underWay.delete(key);
  }

  /** Takes all that still wait. */
  takeAll(): T[] {
    const items = [...this.#waiting.values()];
    this.#waiting.clear();
    return items;
  }
}
