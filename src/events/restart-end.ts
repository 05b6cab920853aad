import { isoTime } from '../core/iso-time.ts';
import { lastSeenAt } from '../core/last-seen.ts';
import type { FalconetEvent } from '../core/schema/event.ts';

export interface RestartFacts {
  /** When it was found that nobody had ended the life, ms since the epoch. */
  readonly now: number;
  readonly streamSeq: number;
}

/**
 * The `end` of a life that a gateway before this one left open, with the reason `restart`: in the name of that
 * gateway's `run`, after the last message that it wrote down.
 */
export function restartEnd(last: FalconetEvent, { now, streamSeq }: RestartFacts): FalconetEvent {
  const { clip } = last;
  return {
    ...last,
    type: 'end',
    reason: ['restart'],
    seq: last.seq + 1,
    stream_seq: streamSeq,
    time: isoTime(now),
    end: isoTime(lastSeenAt(last)),
    latency_ms: 0,
    image: null,
    clip: clip?.end ? clip : null, // what was not whole by then is not finished by anybody
  };
}
