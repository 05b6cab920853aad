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
 */
export function arrivalTimes(clock: Clock): OperatorFunction<string, ListedSegment> {
  return pipe(
    scan(({ offsets }: Memory, line) => step(offsets, line, clock.now()), {
      offsets: [],
      segment: undefined,
    }),
    map(({ segment }) => segment),
    filter((segment) => segment !== undefined),
  );
}

function step(offsets: readonly number[], line: string, now: number): Memory {
  const [, name, start, end] = /^([^,]+),([\d.]+),([\d.]+)$/.exec(line) ?? [];
  if (name === undefined) return { offsets, segment: undefined };
  const endMs = Number(end) * 1_000;
  const latest = [...offsets, now - endMs].slice(-REMEMBERED);
  const offset = Math.min(...latest);
  const at = (ms: number): number => Math.round(offset + ms);
  return { offsets: latest, segment: { name, start: at(Number(start) * 1_000), end: at(endMs) } };
}
