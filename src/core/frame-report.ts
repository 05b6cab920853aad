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
  /** Its share of the time that its batch took in the engine, ms. */
  readonly detectMs: number;
  /** How long its way took; undefined where it went another. */
  readonly way: FrameWay | undefined;
  /** Frames looked at in a second, lately. */
  readonly fps: number;
  /** Frames of this camera that were lost, so far. */
  readonly dropped: number;
  /** Frames of this camera that were not looked at because nothing moved in them, so far. */
  readonly gated: number;
  /** Name of the engine that looked. */
  readonly engine: string;
}

/** ms. */
export interface FrameWay {
  /** From arrival until its batch went to the engine. */
  readonly waitMs: number;
  /** Until the answer for the whole batch. */
  readonly engineMs: number;
  /** Until its events were on their way, pictures made. */
  readonly judgeMs: number;
}
