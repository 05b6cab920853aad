import type { Box } from './box.ts';
import type { Frame } from './frame.ts';

/** One object in one frame, as the detector sees it. */
export interface Detection {
  readonly label: string;
  /** 0..1, from the detector's floor upwards. */
  readonly score: number;
  readonly box: Box;
}

/** A region of a frame in whole pixels that is stretched to the model's input. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One frame and the regions of it to look at. */
export interface DetectionJob {
  readonly frame: Pick<Frame, 'width' | 'height' | 'data'>;
  /** @default the whole picture */
  readonly squares?: readonly Square[];
}

export interface ModelIdentity {
  readonly name: string;
  /** Of the weights file, hex. */
  readonly sha256: string;
}

/** What the pipeline needs of a detector. */
export interface Detector {
  readonly model: ModelIdentity;
  readonly labels: readonly string[];
  /** Which engine runs, such as `onnx` (onnxruntime-node 1.30.0). */
  readonly engine: { readonly name: string; readonly version: string };
  /** Side of the model's input in pixels: a smaller square shows it nothing more. */
  readonly inputSize: number;
  /** How many `detect` calls make progress at once. */
  readonly processes: number;
  /** How often a process that had died was started again. @default they are not counted */
  readonly restarts?: number;
  /**
   * Detections of each job, in the order of the jobs, best score first; boxes of a job's squares are mapped
   * to the whole picture and joined by NMS. The pixels must stay as they are until the answer.
   *
   * @throws ENGINE_ENDED when the process died with this batch; the next call finds a new one. ENGINE_GONE when
   *   there will be none for a minute.
   */
  detect(jobs: readonly DetectionJob[]): Promise<Detection[][]>;
  close(): Promise<void>;
}
