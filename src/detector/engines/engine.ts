import type { Square } from '../../core/detection.ts';

export type EngineName = 'onnx' | 'tfjs' | 'wasm';

/** In which numbers an engine computes. */
export type Precision = 'fp32' | 'int8';

/** Which engine runs, such as `onnx`, `onnxruntime-node 1.30.0`. */
export interface EngineVersion {
  readonly name: EngineName;
  readonly version: string;
}

/** What the network says of one square, before decoding; rows in the order of the priors. */
export interface RawOutput {
  /** `[priors, 4]`. */
  readonly offsets: Float32Array;
  /** `[priors, classes + 1]`, background first. */
  readonly logits: Float32Array;
}

/** A model, loaded and ready to look at pictures one after the other on one thread. */
export interface Engine extends EngineVersion {
  /**
   * Cuts `square` out of the picture, stretches it to the model's input and runs the network.
   *
   * @param pixels - RGB24, row-major, `[height, width, 3]`.
   * @param square - whole pixels within the picture.
   */
  run(pixels: Uint8Array, width: number, height: number, square: Square): Promise<RawOutput>;
}
