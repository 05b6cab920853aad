import type { Detection } from '../../src/core/detection.ts';
import type { Picture } from '../../src/media/image.ts';

/** A detector of others, run with what its authors do before and after the network. */
export interface Peer {
  readonly name: string;
  /** Of its ONNX graph. */
  readonly file: string;
  /** The pictures that it learned from. */
  readonly trainedOn: 'VOC' | 'COCO';
  /** `[1, 3, height, width]` of its input. */
  readonly shape: readonly [1, 3, number, number];
  prepare(picture: Picture): Float32Array;
  /**
   * Detections of at least `floor`, boxes in 0..1 of the picture, after its own NMS.
   *
   * @param outputs - in the order of the graph.
   */
  read(outputs: readonly Float32Array[], picture: Picture, floor: number): Detection[];
}
