import { area, type Box, intersection, iou } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import { assign } from './assign.ts';
import { sizeOf, surprise } from './kalman.ts';
import { groupOf } from './label-groups.ts';
import { aheadSeconds, expectedBoxOf, type Life, secondsUnseen } from './life.ts';

/** Least overlap with where a moving object is expected, for detections strong enough to start a track. */
const MIN_IOU = 0.05;
/** The same for weaker ones, of which more are false, and for what stands still: who passes it is another. */
const SURE_IOU = 0.3;
/** The same for what is found in its old place. */
const PLACE_IOU = 0.5;
/** A pair of different labels of one group counts for this share: equals go first. */
const OTHER_LABEL = 0.8;
/** Greatest squared distance from where it is expected, in standard deviations, of what does not overlap. */
const NEAR = 1;
/** Boxes without overlap are taken for one object when their sizes differ by less than this factor. */
const LIKE_SIZE = 1.5;
/** Share of the smaller of two boxes that the other one covers, from which they are taken for one object. */
const MOSTLY = 0.6;
/** The same for two labels of a group, as IoU: a bicycle before a car is none of its parts. */
const SAME_PLACE = 0.5;

/** Says of an object how well each detection of its group fits: greater than 0, or 0 where it does not. */
type Fit = (life: Life) => (box: Box) => number;

/**
 * Finds objects again among the detections of one frame, each detection used once at most, within groups of labels.
 *
 * As in ByteTrack (arXiv 2110.06864, algorithm 1) the strong detections are given out first, then the weak ones, both
 * by overlap with the expected box. Cameras that give few frames a second need two rounds more: what does not overlap
 * but is near, for how long and how fast it may have moved, is the same object too, and so is what lies where one was
 * seen last, against all expectation. What then is left over has appeared out of nothing; where it lies in the place
 * of an object that is waited for, it is that object.
 *
 * @param strong - detections that may start a track.
 * @param weak - all others.
 * @param isWaitedFor - whether a life is out of sight, and is found in its old place only.
 */
export function findAgain(
  lives: readonly Life[],
  { strong, weak }: Readonly<Record<'strong' | 'weak', readonly Detection[]>>,
  at: number,
  isWaitedFor: (life: Life) => boolean,
): Map<Life, Detection> {
  const followed = lives.filter((life) => !isWaitedFor(life));
  const waitedFor = lives.filter(isWaitedFor);
  const overlap =
    (least: number): Fit =>
    (life) => {
      const expected = expectedBoxOf(life, at);
      if (!life.still.stationary) return (box) => over(iou(expected, box), least);
      return (box) => over(Math.max(iou(expected, box), placeIou(life, box)), SURE_IOU);
    };
  const near: Fit = (life) => (box) => (life.still.stationary ? 0 : nearness(life, box, at));
  const inPlace: Fit = (life) => (box) => over(placeIou(life, box), PLACE_IOU);

  const found = new Map<Life, Detection>();
  giveOut(found, followed, strong, overlap(MIN_IOU));
  giveOut(found, followed, weak, overlap(SURE_IOU));
  giveOut(found, followed, strong, near);
  giveOut(found, followed, strong, inPlace);
  giveOut(found, waitedFor, strong, inPlace);
  giveOut(found, waitedFor, weak, inPlace);
  return found;
}

/** Whether two boxes of a group show one object: a person and the same person's legs, a car that may be a bus. */
export function isPartOf(a: Pick<Detection, 'label' | 'box'>, b: Pick<Detection, 'label' | 'box'>): boolean {
  if (a.label !== b.label) return groupOf(a.label) === groupOf(b.label) && iou(a.box, b.box) > SAME_PLACE;
  return intersection(a.box, b.box) > MOSTLY * Math.min(area(a.box), area(b.box));
}

/** Adds the pairs with the greatest sum of fits, of lives and detections that are still free. */
function giveOut(
  found: Map<Life, Detection>,
  lives: readonly Life[],
  detections: readonly Detection[],
  fit: Fit,
): void {
  const taken = new Set(found.values());
  const free = detections.filter((detection) => !taken.has(detection));
  const wanted = lives.filter((life) => !found.has(life));
  if (free.length === 0 || wanted.length === 0) return;
  const groups = free.map(({ label }) => groupOf(label));
  const gain = new Float64Array(wanted.length * free.length);
  let pair = 0;
  for (const life of wanted) {
    const fitOf = fit(life);
    for (let d = 0; d < free.length; d++, pair++) {
      if (groups[d] !== life.group) continue;
      const { label, box } = free[d] as Detection;
      gain[pair] = fitOf(box) * (label === life.label ? 1 : OTHER_LABEL);
    }
  }
  const chosen = assign(gain, wanted.length, free.length);
  for (const [w, life] of wanted.entries()) {
    const detection = free[chosen[w] ?? -1];
    if (detection !== undefined) found.set(life, detection);
  }
}

/** Overlap of a box with the place that a standing object was seen in last, or first: it may have been touched. */
export function placeIou({ box, still }: Life, other: Box): number {
  return Math.max(iou(box, other), iou(still.anchor.box, other));
}

function over(value: number, least: number): number {
  return value < least ? 0 : value;
}

/** 1 where a box is seen in the expected place, falling to 0 where it is too far away or of another size. */
function nearness(life: Life, box: Box, at: number): number {
  const ratio = sizeOf(box) / sizeOf(life.box);
  if (ratio > LIKE_SIZE || ratio < 1 / LIKE_SIZE) return 0;
  return Math.max(0, 1 - surprise(life.motion, box, secondsUnseen(life, at), aheadSeconds(life, at)) / NEAR);
}
