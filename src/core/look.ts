import type { Square } from './detection.ts';

/** Why a frame is looked at; `quiet` and `off` are why it is not. */
export type LookReason =
  /** Every frame is. */
  | 'always'
  /** The first of a session. */
  | 'first'
  /** The picture is another one everywhere. */
  | 'everywhere'
  /** Something moves, or did a moment ago. */
  | 'motion'
  /** An object that is open and does not stand still. */
  | 'track'
  /** It is time. */
  | 'ceiling'
  /** Nothing of all that. */
  | 'quiet'
  /** Detection is switched off. */
  | 'off';

/** What of a frame is to be looked at. */
export interface Look {
  readonly why: LookReason;
  /** The whole picture before all, if it is among them, then the best first; empty when it is `quiet` or `off`. */
  readonly squares: readonly Square[];
}
