import type { Box } from './box.ts';

/** One object over frames. */
export interface Track {
  /** Counts up within a camera and run, from 1. */
  readonly id: number;
  readonly label: string;
  readonly box: Box;
  readonly score: { readonly current: number; readonly best: number; readonly median: number };
  /** ms since the epoch of the first and the newest frame that showed it. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Where its bottom centre was, oldest first, thinned to at most 32 points. */
  readonly path: readonly (readonly [x: number, y: number])[];
  /** Widths and heights of the picture per second. */
  readonly velocity: readonly [x: number, y: number];
  /** Has stood in one place for ten seconds or more, and has not left it since. */
  readonly stationary: boolean;
  /** Was found again in the place that it stood in, after it could not be seen for a time. */
  readonly reacquired: boolean;
  /** Seen in enough frames to be believed. */
  readonly confirmed: boolean;
  /** Not seen for too long: this is its last appearance. */
  readonly ended: boolean;
}
