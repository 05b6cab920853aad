import { area, type Box, intersection, iou } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import { assign } from './assign.ts';
import { sizeOf, surprise } from './kalman.ts';
import { groupOf } from './label-groups.ts';
import { aheadSeconds, expectedBoxOf, type Life } from './life.ts';

/** Least overlap with where a moving object is expected, for detections strong enough to start a track. */
const MIN_IOU = 0.05;
/** The same for weaker ones, of which more are false, and for what stands still: who passes it is another. */
const SURE_IOU = 0.3;
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

/** How well an object and a detection of its group fit, greater than 0, or 0 where they do not. */
type Fit = (wanted: Wanted, detection: Detection) => number;

interface Wanted {
  readonly life: Life;
  readonly box: Box;
}

/**
 * Finds objects again among the detections of one frame, each detection used once at most, within groups of labels.
 *
 * As in ByteTrack (arXiv 2110.06864, algorithm 1) the strong detections are given out first, then the weak ones, both
 * by overlap with the expected box. Cameras that give few frames a second need a third round: what does not overlap
 * but is near, for how long and how fast it may have moved, is the same object too.
 *
 * @param strong - detections that may start a track.
 * @param weak - all others.
 * @param isWaitedFor - whether a life is out of sight, and is found in its old place only.
 * @returns per life its detection, or undefined.
 */
export function findAgain(
  lives: readonly Life[],
  strong: readonly Detection[],
  weak: readonly Detection[],
  at: number,
  isWaitedFor: (life: Life) => boolean,
): (Detection | undefined)[] {
  const found = new Map<Life, Detection>();
  const taken = new Set<Detection>();
  const all = lives.map((life) => ({ life, box: isWaitedFor(life) ? life.box : expectedBoxOf(life, at) }));

  const giveOut = (detections: readonly Detection[], fit: Fit): void => {
    const wanted = all.filter(({ life }) => !found.has(life));
    const free = detections.filter((detection) => !taken.has(detection));
    const chosen = assign(fits(wanted, free, fit), wanted.length, free.length);
    for (const [i, { life }] of wanted.entries()) {
      const detection = free[chosen[i] ?? -1];
      if (detection === undefined) continue;
      found.set(life, detection);
      taken.add(detection);
    }
  };
  giveOut(strong, (wanted, { box }) =>
    over(iou(wanted.box, box), wanted.life.still.stationary ? SURE_IOU : MIN_IOU),
  );
  giveOut(weak, (wanted, { box }) => over(iou(wanted.box, box), SURE_IOU));
  giveOut(strong, ({ life }, detection) =>
    isWaitedFor(life) ? Number(isPartOf(life, detection)) : nearness(life, detection.box, at),
  );
  return lives.map((life) => found.get(life));
}

/** Whether two boxes of a group show one object: a person and the same person's legs, a car that may be a bus. */
export function isPartOf(a: Pick<Detection, 'label' | 'box'>, b: Pick<Detection, 'label' | 'box'>): boolean {
  if (a.label !== b.label) return groupOf(a.label) === groupOf(b.label) && iou(a.box, b.box) > SAME_PLACE;
  return intersection(a.box, b.box) > MOSTLY * Math.min(area(a.box), area(b.box));
}

/** Row-major, [wanted, detections]. */
function fits(wanted: readonly Wanted[], detections: readonly Detection[], fit: Fit): Float64Array {
  const groups = detections.map(({ label }) => groupOf(label));
  const gain = new Float64Array(wanted.length * detections.length);
  for (const [w, one] of wanted.entries()) {
    for (const [d, detection] of detections.entries()) {
      if (groups[d] !== one.life.group) continue;
      const isSameLabel = detection.label === one.life.label;
      gain[w * detections.length + d] = fit(one, detection) * (isSameLabel ? 1 : OTHER_LABEL);
    }
  }
  return gain;
}

function over(value: number, least: number): number {
  return value < least ? 0 : value;
}

/** 1 where a box is seen in the expected place, falling to 0 where it is too far away or of another size. */
function nearness(life: Life, box: Box, at: number): number {
  const ratio = sizeOf(box) / sizeOf(life.box);
  if (life.still.stationary || ratio > LIKE_SIZE || ratio < 1 / LIKE_SIZE) return 0;
  const seconds = (at - life.lastSeen) / 1000;
  return Math.max(0, 1 - surprise(life.motion, box, seconds, aheadSeconds(life, at)) / NEAR);
}
