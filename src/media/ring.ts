import { rm } from 'node:fs/promises';
import type { Segment } from '../core/segment.ts';

export interface RingOptions {
  /** Absolute; belongs to the ring alone. */
  readonly folder: string;
  /** Segments that ended longer before the newest one's end go, unless they are held. */
  readonly keepMs: number;
  /** The oldest segments go where there are more bytes, but never the newest. */
  readonly keepBytes: number;
}

/** A camera's latest segments on disk, bounded by bytes, and by time where none are held. */
export interface Ring {
  /** When the newest segment ended; -Infinity while there is none. */
  readonly end: number;
  /** Nothing will be added. */
  readonly isOver: boolean;
  add(segment: Segment): void;
  /**
   * Keeps what is recorded from a moment on, however old it gets, as long as there is room for it.
   *
   * @returns lets it go. Idempotent.
   */
  hold(from: number): () => void;
  /** When the newest of the segments ended that were wanted still, but had no room; -Infinity while there are none. */
  readonly cutUntil: number;
  /** The segments that hold a span of time, both ends included, oldest first. */
  between(from: number, to: number): Segment[];
  /** Settles once the ring reaches a moment, after a wait, or when it is released. */
  reached(at: number, mostMs: number): Promise<void>;
  /** Ends all waits, also those to come: nothing will be added. Idempotent. */
  release(): void;
  /** Removes all files: the ring shows what privacy masks hide. Never rejects. */
  clear(): Promise<void>;
}

interface Waiter {
  readonly at: number;
  readonly settle: () => void;
}

export function createRing({ folder, keepMs, keepBytes }: RingOptions): Ring {
  let segments: readonly Segment[] = [];
  let isOver = false;
  let cutUntil = Number.NEGATIVE_INFINITY;
  const waiters = new Set<Waiter>();
  const holds = new Set<{ readonly from: number }>();
  const end = (): number => segments.at(-1)?.end ?? Number.NEGATIVE_INFINITY;

  function prune(): void {
    const wantedFrom = Math.min(end() - keepMs, ...[...holds].map(({ from }) => from));
    const isOld = ({ end: ended }: Segment): boolean => ended < wantedFrom;
    let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    let gone = 0;
    for (const segment of segments.slice(0, -1)) {
      if (!isOld(segment)) {
        if (bytes <= keepBytes) break;
        cutUntil = segment.end;
      }
      bytes -= segment.bytes;
      gone++;
    }
    for (const { path } of segments.slice(0, gone)) void remove(path);
    segments = segments.slice(gone);
  }

  return {
    get end() {
      return end();
    },
    get isOver() {
      return isOver;
    },
    add(segment) {
      segments = [...segments, segment];
      prune();
      for (const waiter of waiters) if (waiter.at <= segment.end) waiter.settle();
    },
    get cutUntil() {
      return cutUntil;
    },
    hold(from) {
      const held = { from };
      holds.add(held);
      return () => {
        if (holds.delete(held)) prune();
      };
    },
    between: (from, to) => segments.filter((segment) => segment.end > from && segment.start <= to),
    reached(at, mostMs) {
      if (isOver || at <= end()) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => waiter.settle(), mostMs).unref();
        const waiter: Waiter = {
          at,
          settle() {
            clearTimeout(timer);
            waiters.delete(waiter);
            resolve();
          },
        };
        waiters.add(waiter);
      });
    },
    release() {
      isOver = true;
      for (const waiter of waiters) waiter.settle();
    },
    async clear() {
      segments = [];
      await remove(folder);
    },
  };
}

/** What cannot be removed now is removed with the folder at the next start. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}
