/** Promises that hold until something is so. */
export interface Waits {
  /** Resolves when it is so, at once if it is. */
  until(isMet: () => boolean): Promise<void>;
  /** Something may be so that was not. */
  check(): void;
}

export function createWaits(): Waits {
  const waiting = new Map<() => boolean, () => void>();
  return {
    until: (isMet) =>
      new Promise((resolve) => {
        if (isMet()) resolve();
        else waiting.set(isMet, resolve);
      }),
    check() {
      for (const [isMet, resolve] of waiting) {
        if (!isMet()) continue;
        waiting.delete(isMet);
        resolve();
      }
    },
  };
}
