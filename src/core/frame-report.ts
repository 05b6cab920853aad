import type { Detection } from './detection.ts';
import type { Look } from './look.ts';

/** What became of one frame: for views, never for decisions. */
export interface FrameReport {
  readonly camera: string;
  readonly seq: number;
  /** ms since the session's first frame. */
  readonly pts: number;
  readonly detections: readonly Detection[];
  /** What of the frame was looked at, and why. */
  readonly look: Look;
  /** From the batch's start to its answer, ms. */
  readonly detectMs: number;
  /** Frames looked at in a second, lately. */
  readonly fps: number;
  /** Frames of this camera that were lost, so far. */
  readonly dropped: number;
  /** Frames of this camera that were not looked at because nothing moved in them, so far. */
  readonly gated: number;
  /** Name of the engine that looked. */
  readonly engine: string;
}
