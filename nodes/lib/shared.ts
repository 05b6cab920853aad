/** One of a thing for all that use it: opened for the first, closed with the last. */
export class Shared<T extends { close(): Promise<void> }> {
  readonly #open: () => Promise<T>;
  #users = 0;
  #opened: Promise<T> | undefined;
  /** Two never run at once: the next is opened when the one before has gone. */
  #closed: Promise<void> = Promise.resolve();

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  /** The same for all until the last has released it; also when it could not be opened. */
  acquire(): Promise<T> {
    this.#users++;
    this.#opened ??= this.#closed.then(() => this.#open());
    return this.#opened;
  }

  /** Once for each `acquire`. Never rejects; for the last one, settles when it is closed. */
  async release(): Promise<void> {
    this.#users--;
    if (this.#users > 0 || this.#opened === undefined) return;
    const last = this.#opened;
    this.#opened = undefined;
    this.#closed = last.then(
      (opened) => opened.close(),
      () => {}, // whoever acquired it was told why
    );
    await this.#closed;
  }
}
