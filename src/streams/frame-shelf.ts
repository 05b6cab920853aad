import type { Frame } from '../core/frame.ts';

/** The newest frames of one camera, for those who only know their number. */
export interface FrameShelf {
  /** Takes the frame over and releases it when it has been here for long enough. */
  keep(frame: Frame): void;
  /**
   * Calls `use` with the frame, whose pixels stay as they are until that is settled.
   *
   * @returns what `use` returns, or undefined when the frame is not here any more.
   */
  use<T>(seq: number, use: (frame: Frame) => Promise<T>): Promise<T | undefined>;
  /** Releases all, each once nobody uses it. */
  close(): void;
}

interface Kept {
  readonly frame: Frame;
  users: number;
  isOver: boolean;
}

/**
 * @param keepMs - a frame stays at least for so long: until one comes that is this much younger, or none has come for as
 * long, since a burst may have left no place for another. The newest stays.
 */
export function frameShelf(keepMs: number): FrameShelf {
  const shelf = new Map<number, Kept>();

  const releaseIfUnused = ({ frame, users, isOver }: Kept): void => {
    if (isOver && users === 0) frame.release();
  };
  const remove = (kept: Kept): void => {
    shelf.delete(kept.frame.seq);
    kept.isOver = true;
    releaseIfUnused(kept);
  };
  const removeOlder = (): void => {
    for (const kept of [...shelf.values()].slice(0, -1)) remove(kept);
  };
  let waiting: NodeJS.Timeout | undefined;
  return {
    keep(frame) {
      waiting ??= setTimeout(removeOlder, keepMs).unref();
      waiting.refresh();
      shelf.set(frame.seq, { frame, users: 0, isOver: false });
      for (const kept of shelf.values()) if (kept.frame.wallTime <= frame.wallTime - keepMs) remove(kept);
    },
    async use(seq, use) {
      const kept = shelf.get(seq);
      if (kept === undefined) return undefined;
      kept.users++;
      try {
        return await use(kept.frame);
      } finally {
        kept.users--;
        releaseIfUnused(kept);
      }
    },
    close() {
      clearTimeout(waiting);
      for (const kept of shelf.values()) remove(kept);
    },
  };
}

/** How many places of a pool a shelf may take up, at a rate of `fps`. */
export function shelfSlots(keepMs: number, fps: number): number {
  return Math.ceil((keepMs / 1_000) * fps) + 1;
}
