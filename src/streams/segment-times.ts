import { filter, map, type OperatorFunction, pipe, scan } from 'rxjs';
import type { Clock } from '../core/clock.ts';

/** A finished segment as ffmpeg lists it, its times turned into those of arrival. */
export interface ListedSegment {
  readonly name: string;
  /** ms since the epoch. */
  readonly start: number;
  readonly end: number;
}

/** Enough to see one that was not held up, few enough to follow a camera whose clock runs another way. */
const REMEMBERED = 20;

interface Memory {
  /** Arrival minus stream time of the latest segments' ends, ms. */
  readonly offsets: readonly number[];
  readonly segment: ListedSegment | undefined;
}

/**
 * Reads `name,start,end` lines of ffmpeg's segment list, s since the session's start, and tells when that was. A line
 * comes with the keyframe that ends its segment; what holds lines up only ever makes them late, so the least of the
 * latest offsets is the true one. Other lines are left out.
 *
 * @param steadyNow - ms that pass evenly, from any start: how late a line is must not hang on a clock that is set.
 *   @default performance.now
 */
export function arrivalTimes(
  clock: Clock,
  steadyNow = () => performance.now(),
): OperatorFunction<string, ListedSegment> {
  return pipe(
    scan(({ offsets }: Memory, line) => step(offsets, line, { now: clock.now(), steady: steadyNow() }), {
      offsets: [],
      segment: undefined,
    }),
    map(({ segment }) => segment),
    filter((segment) => segment !== undefined),
  );
}

interface Arrival {
  /** ms since the epoch. */
  readonly now: number;
  /** ms from any start. */
  readonly steady: number;
}

function step(offsets: readonly number[], line: string, { now, steady }: Arrival): Memory {
  const [, name, start, end] = /^([^,]+),([\d.]+),([\d.]+)$/.exec(line) ?? [];
  if (name === undefined) return { offsets, segment: undefined };
  const endMs = Number(end) * 1_000;
  const offset = steady - endMs;
  const latest = [...offsets, offset].slice(-REMEMBERED);
  const lateMs = offset - Math.min(...latest);
  const at = (ms: number): number => Math.round(now - lateMs - (endMs - ms));
  return { offsets: latest, segment: { name, start: at(Number(start) * 1_000), end: at(endMs) } };
}
