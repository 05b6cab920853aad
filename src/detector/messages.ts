import type { Detection, Square } from '../core/detection.ts';
import type { EngineVersion } from './engines/engine.ts';

/** Header of a batch, gateway to engine process. Its payload is the jobs' pixels, RGB24, one job after the other. */
export interface Batch {
  /** Comes back in the answer. */
  readonly id: number;
  readonly jobs: readonly BatchJob[];
}

export interface BatchJob {
  readonly width: number;
  readonly height: number;
  readonly squares: readonly Square[];
}

/** Header of what an engine process says. None has a payload. */
export type Answer =
  /** Said once, first: the model is loaded. */
  | { readonly kind: 'ready'; readonly engine: EngineVersion }
  /** Said instead of `ready`: why this engine cannot serve. The process ends. */
  | { readonly kind: 'unable'; readonly why: string; readonly hint?: string }
  /** Of each job, best score first. */
  | { readonly kind: 'detections'; readonly id: number; readonly detections: Detection[][] }
  /** The engine refused this batch; the next may go well. */
  | { readonly kind: 'failed'; readonly id: number; readonly why: string };
