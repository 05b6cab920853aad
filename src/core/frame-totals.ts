import type { DropReason } from './frame.ts';

/**
 * What became of a camera's frames since it was started: of those that came, some were looked at, some dropped, and
 * the few that are left are under way.
 */
export interface FrameTotals {
  /** Decoded pictures that reached the gateway. */
  readonly came: number;
  /** Judged by detector, tracker and rules. */
  readonly looked: number;
  /** By reason; a reason that did not occur is absent. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}
