import type { Detection } from '../../src/core/detection.ts';
import { nms } from '../../src/detector/nms.ts';
import type { Peer } from './peer.ts';
import { planes, stretched } from './stretched.ts';

const SIDE = 416;
const STRIDES = [8, 16, 32, 64];
const CLASSES = 80;
/** Of each side's distribution over 0 to 7 strides. */
const BINS = 8;
/** ImageNet's, as PaddleDetection's readers have them, in bytes; red, green, blue. */
const MEAN = [123.675, 116.28, 103.53] as const;
const SPREAD = [58.395, 57.12, 57.375] as const;
/** `nms_threshold` of PaddleDetection's configs/picodet. */
const NMS_IOU = 0.6;

/**
 * PicoDet-S (Yu et al., arXiv 2111.00902); boxes are distances of four sides from a cell's centre, each the mean of a
 * distribution (Generalized Focal Loss, arXiv 2006.04388, section 3.2).
 *
 * @param labelOf - of a class by its number, or undefined for one that is not judged.
 */
export function picodetS(labelOf: (index: number) => string | undefined): Peer {
  return {
    name: 'PicoDet-S',
    file: 'picodet_s_416.onnx',
    trainedOn: 'COCO',
    shape: [1, 3, SIDE, SIDE],
    prepare: (picture) => planes(stretched(picture, SIDE, SIDE), normalised),
    read(outputs, _, floor) {
      const found = STRIDES.flatMap((stride, level) => {
        const [scores, distances] = [outputs[level], outputs[level + STRIDES.length]];
        if (scores === undefined || distances === undefined) throw new TypeError('expected eight outputs');
        return readLevel({ scores, distances, stride }, floor, labelOf);
      });
      return nms(found, NMS_IOU);
    },
  };
}

function normalised(byte: number, plane: number): number {
  return (byte - (MEAN[plane] as number)) / (SPREAD[plane] as number);
}

interface Level {
  /** `[cells, 80]`. */
  readonly scores: Float32Array;
  /** `[cells, 4, 8]`: left, top, right, bottom. */
  readonly distances: Float32Array;
  readonly stride: number;
}

function readLevel(
  { scores, distances, stride }: Level,
  floor: number,
  labelOf: (index: number) => string | undefined,
): Detection[] {
  const side = Math.ceil(SIDE / stride);
  const found: Detection[] = [];
  for (const [at, score] of scores.entries()) {
    const label = labelOf(at % CLASSES);
    if (score < floor || label === undefined) continue;
    const cell = Math.floor(at / CLASSES);
    const [left, top, right, bottom] = [0, 1, 2, 3].map(
      (edge) => meanOf(distances.subarray((4 * cell + edge) * BINS, (4 * cell + edge + 1) * BINS)) * stride,
    ) as [number, number, number, number];
    const [x, y] = [((cell % side) + 0.5) * stride, (Math.floor(cell / side) + 0.5) * stride];
    const box = [x - left, y - top, left + right, top + bottom].map((value) => value / SIDE);
    found.push({ label, score, box: box as [number, number, number, number] });
  }
  return found;
}

/** Of the bins 0 to 7, weighted by softmax. */
function meanOf(logits: Float32Array): number {
  const weights = [...logits].map(Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((total, weight, bin) => total + weight * bin, 0) / sum;
}
