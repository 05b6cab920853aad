import { fourDecimals } from '../core/four-decimals.ts';
import { isoTime } from '../core/iso-time.ts';
import { dwellMs, type Judged } from '../core/judged.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Track } from '../core/track.ts';
import type { LifeOptions } from './options.ts';

/** The frame that a message speaks of. */
export interface FrameFacts {
  readonly seq: number;
  readonly width: number;
  readonly height: number;
  /** Arrival, ms since the epoch. */
  readonly time: number;
}

export interface MessageFacts {
  readonly type: FalconetEvent['type'];
  readonly reason: readonly string[];
  readonly seq: number;
  readonly streamSeq: number;
  readonly judged: Judged;
  readonly frame: FrameFacts;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * One message of an object's life, without picture; numbers have four decimals, times
 * milliseconds. `end` is when the object was last seen, `time` when that was known to be the last.
 */
export function toMessage(facts: MessageFacts, options: LifeOptions): FalconetEvent {
  const { type, reason, seq, streamSeq, judged, frame, now } = facts;
  const { track } = judged;
  const { gateway, camera, run, model } = options;
  return {
    schema: 'falconet/event/1',
    id: eventId(camera, track),
    seq,
    run,
    stream_seq: streamSeq,
    type,
    reason: [...reason],
    gateway,
    camera,
    time: isoTime(frame.time),
    start: isoTime(track.firstSeen),
    end: type === 'end' ? isoTime(track.lastSeen) : null,
    latency_ms: fourDecimals(Math.max(0, now - frame.time)),
    late_s: 0,
    label: track.label,
    score: {
      current: fourDecimals(track.score.current),
      best: fourDecimals(track.score.best),
      median: fourDecimals(track.score.median),
    },
    box: [
      fourDecimals(track.box[0]),
      fourDecimals(track.box[1]),
      fourDecimals(track.box[2]),
      fourDecimals(track.box[3]),
    ],
    frame: { width: frame.width, height: frame.height, seq: frame.seq },
    track: {
      id: track.id,
      age_s: fourDecimals((track.lastSeen - track.firstSeen) / 1000),
      stationary: track.stationary,
      velocity: roundPoint(track.velocity),
      path: track.path.map(roundPoint),
      reacquired: track.reacquired,
    },
    ...placesOf(judged),
    image: null,
    clip: null,
    model: { name: model.name, sha256: model.sha256 },
  };
}

function placesOf({ track, stays, crossings }: Judged): Pick<FalconetEvent, 'zones' | 'lines'> {
  const dwells = stays.map(
    (stay) => [stay.zone, fourDecimals(dwellMs(stay, track.lastSeen) / 1000)] as const,
  );
  return {
    zones: {
      current: stays.filter(({ since }) => since !== undefined).map(({ zone }) => zone),
      entered: stays.map(({ zone }) => zone),
      dwell_s: Object.fromEntries(dwells),
    },
    lines: crossings.map(({ line, direction, at }) => ({ name: line, direction, time: isoTime(at) })),
  };
}

/**
 * Whether a message brings the picture of the frame that it speaks of: the first of a life, and each that has a better
 * one. The `image` that comes later is of such a frame too, only larger.
 */
export function showsFrame({ type, reason }: Pick<MessageFacts, 'type' | 'reason'>): boolean {
  return type === 'new' || reason.includes('better-picture');
}

/** `<camera>-<start>-<number>`, such as drive-20261124T082254.123Z-7: sortable, and free of `:` for file names. */
export function eventId(camera: string, track: Pick<Track, 'firstSeen' | 'id'>): string {
  return `${camera}-${isoTime(track.firstSeen).replaceAll(/[-:]/g, '')}-${track.id}`;
}

function roundPoint([x, y]: readonly [number, number]): [number, number] {
  return [fourDecimals(x), fourDecimals(y)];
}
