import type { FalconetEvent } from '../../src/core/schema/event.ts';

/** Watches one camera's events of one run as they come. */
export interface Ledger {
  readonly events: number;
  readonly news: number;
  /** Lives without their `end` so far. */
  readonly open: number;
  /** What broke the promise, in words: 20 at most. */
  readonly faults: readonly string[];
  add(event: FalconetEvent): void;
}

const MOST_FAULTS = 20;

/** Holds each event against the promise: one `new`, some `update`s, one `end`; `seq` and `stream_seq` without a gap. */
export function ledger(): Ledger {
  /** `seq` of the next message, by the id of a life. */
  const open = new Map<string, number>();
  const ids = new Set<string>();
  const faults: string[] = [];
  let events = 0;

  const blame = (event: FalconetEvent, what: string): void => {
    if (faults.length < MOST_FAULTS) faults.push(`${event.id} ${event.type} ${event.seq}: ${what}`);
  };
  return {
    get events() {
      return events;
    },
    get news() {
      return ids.size;
    },
    get open() {
      return open.size;
    },
    faults,
    add(event) {
      const { id, type, seq, stream_seq: streamSeq } = event;
      if (streamSeq !== events++) blame(event, `expected stream_seq ${events - 1}, got ${streamSeq}`);
      const expected = type === 'new' ? 0 : open.get(id);
      if (expected === undefined) blame(event, 'no such life is open');
      else if (seq !== expected) blame(event, `expected seq ${expected}`);
      if (type === 'new' && ids.has(id)) blame(event, 'a second new');
      ids.add(id);
      if (type === 'end') open.delete(id);
      else open.set(id, seq + 1);
    },
  };
}
