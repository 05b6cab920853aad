import type { Box } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import type { RawOutput } from './engines/engine.ts';
import { nms } from './nms.ts';

/** What gives a network's numbers their meaning; a loaded model has it all. */
export interface SsdMeaning {
  /** Without background. */
  readonly labels: readonly string[];
  /** `[priors, 4]`, see priors.ts. */
  readonly priors: Float32Array;
  readonly network: { readonly variances: readonly [number, number, number, number] };
  /** Least score of a detection, 0..1. */
  readonly floor: number;
  /** IoU above which two boxes of a label are one object. */
  readonly nmsIou: number;
}

/** Before NMS, whose work grows with the square of it; the value of SSD's Caffe code. */
const MOST_PER_LABEL = 400;
const MOST_PER_PICTURE = 200;
/** Takes a hair off the floor, so that rounding cannot make the prefilter drop what the softmax would keep. */
const SLACK = 1 - 1e-12;

/**
 * Detections in one square, best score first, boxes in 0..1 of the square and clipped to it: at most 400 of a
 * label before NMS and 200 in all after. Boxes without area inside the square are left out.
 */
export function decode(output: RawOutput, meaning: SsdMeaning): Detection[] {
  const candidates = meaning.labels.map((): Candidate[] => []);
  collect(output.logits, meaning.floor, candidates);
  const detections = candidates.flatMap((ofLabel, index) => {
    const label = meaning.labels[index] as string;
    return best(ofLabel).flatMap(({ prior, score }) => {
      const box = decodeBox(output.offsets, prior, meaning);
      return box[2] > 0 && box[3] > 0 ? { label, score, box } : [];
    });
  });
  return nms(detections, meaning.nmsIou, MOST_PER_PICTURE);
}

/**
 * The box of one prior (SSD, arXiv 1512.02325, 2.2, equation 2, solved for the box; variances as in its Caffe
 * code), clipped to 0..1.
 */
export function decodeBox(
  offsets: Float32Array,
  prior: number,
  { priors, network }: Pick<SsdMeaning, 'priors' | 'network'>,
): Box {
  const [x, y, width, height] = network.variances;
  const at = 4 * prior;
  const priorWidth = read(priors, at + 2);
  const priorHeight = read(priors, at + 3);
  const halfWidth = (priorWidth * Math.exp(width * read(offsets, at + 2))) / 2;
  const halfHeight = (priorHeight * Math.exp(height * read(offsets, at + 3))) / 2;
  const centreX = read(priors, at) + x * read(offsets, at) * priorWidth;
  const centreY = read(priors, at + 1) + y * read(offsets, at + 1) * priorHeight;
  const left = clip(centreX - halfWidth);
  const top = clip(centreY - halfHeight);
  return [left, top, clip(centreX + halfWidth) - left, clip(centreY + halfHeight) - top];
}

interface Candidate {
  readonly prior: number;
  readonly score: number;
}

/**
 * Adds to each label's list the priors whose softmax score reaches `floor`.
 *
 * Prefilter without loss: softmax_c <= 1 / (1 + exp(z_background - z_c)), so a score can only reach t where
 * z_c - z_background >= ln(t / (1 - t)). That is one comparison a score, and few priors go on to exponentials.
 */
function collect(logits: Float32Array, floor: number, candidates: readonly Candidate[][]): void {
  const values = candidates.length + 1;
  const least = floor * SLACK;
  const lead = Math.log(least / (1 - least));
  for (let prior = 0, at = 0; at < logits.length; prior++, at += values) {
    const needed = read(logits, at) + lead;
    let passes = false;
    for (let i = at + 1; i < at + values; i++) passes ||= read(logits, i) >= needed;
    if (passes) score(logits.subarray(at, at + values), prior, floor, candidates);
  }
}

function score(logits: Float32Array, prior: number, floor: number, candidates: readonly Candidate[][]): void {
  const largest = Math.max(...logits); // taken off first, so that no exponential overflows
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  for (const [index, ofLabel] of candidates.entries()) {
    const probability = Math.exp(read(logits, index + 1) - largest) / sum;
    if (probability >= floor) ofLabel.push({ prior, score: probability });
  }
}

function best(candidates: Candidate[]): Candidate[] {
  if (candidates.length <= MOST_PER_LABEL) return candidates;
  return candidates.sort((a, b) => b.score - a.score).slice(0, MOST_PER_LABEL);
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** An index that the shapes guarantee. */
function read(values: Float32Array, index: number): number {
  return values[index] as number;
}
