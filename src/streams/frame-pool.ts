/** A place for one picture, lent until it is released. */
export interface Slot {
  /** RGB24, row-major, `[height, width, 3]`; holds what the borrower before left in it. */
  readonly data: Uint8Array;
  /** Gives the place back. Harmless when called again. */
  release(): void;
}

/** A camera's places for pictures: a fixed number of one size, allocated when the size is known. */
export class FramePool {
  readonly #slots: number;
  #bytes = 0;
  #free: Uint8Array[] = [];
  #waiting: (() => void)[] = [];

  /** @param slots - how many pictures can be held at once. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Makes new places where the size is another one; those still lent are forgotten when they come back. */
  fit(width: number, height: number): void {
    const bytes = width * height * 3;
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#free = Array.from({ length: this.#slots }, () => new Uint8Array(bytes));
  }

  /** A place, or undefined while all are lent. */
  take(): Slot | undefined {
    const free = this.#free;
    const data = free.pop();
    if (data === undefined) return undefined;
    let isLent = true;
    return {
      data,
      release: () => {
        if (!isLent) return;
        isLent = false;
        free.push(data);
        for (const wake of this.#waiting.splice(0)) wake();
      },
    };
  }

  /** Settles when a place may be free: at once if one is, else at the next release. */
  async freed(): Promise<void> {
    if (this.#free.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
