import type { Box } from '../core/box.ts';
import type { Point } from '../core/polygon.ts';

/** One coordinate, its speed per second, and how sure both are. */
interface Axis {
  readonly place: number;
  readonly speed: number;
  /** Variance of the place, covariance of both, variance of the speed. */
  readonly placeVar: number;
  readonly covariance: number;
  readonly speedVar: number;
}

/** Where a box is thought to be: centre x and y, width, height, each in 0..1 of the picture. */
export type Motion = readonly [x: Axis, y: Axis, width: Axis, height: Axis];

/** Standard deviation of a detected coordinate, in sizes of the box; ByteTrack's, for a better detector, is 1/20. */
const MEASURED = 1 / 10;
/** Standard deviation of a speed that nothing is known of yet, sizes a second: ByteTrack's 10 / 160 a frame. */
const FIRST_SPEED = 2;
/**
 * How much a speed changes within a second, in sizes a second. ByteTrack lets it change by 1 / 160 a frame from frame
 * to frame; at 30 frames/s that adds up to 30 / 160 · √30, near 1 a second.
 */
const SPEED_CHANGE = 1;
/** Least size that noise is scaled by, so that a box without area divides by nothing. */
const LEAST_SIZE = 1e-3;

/**
 * Constant-velocity Kalman filter of a box, by time and not by frame; here, of a box that was seen once.
 *
 * State and noise are those of SORT's descendants (ByteTrack, Zhang et al. 2022, arXiv 2110.06864, and its code; width
 * and height as in BoT-SORT, Aharon et al. 2022, arXiv 2206.14651, section 3.1), but in sizes of the box, the root of
 * its area, where theirs are in heights. Their matrices are diagonal in blocks of place and speed, so the filter of
 * eight numbers is four of two. For frames at uneven times, the noise of a step
 * is that of white acceleration over it (Bar-Shalom et al. 2001, "Estimation with applications to tracking and
 * navigation", section 6.2.2).
 */
export function firstMotion(box: Box): Motion {
  return mapAxes(box, (place, size) => ({
    place,
    speed: 0,
    placeVar: (MEASURED * size) ** 2,
    covariance: 0,
    speedVar: (FIRST_SPEED * size) ** 2,
  }));
}

/**
 * The motion once it was seen again.
 *
 * @param seconds - since it was seen last, 0 or more.
 * @param ahead - seconds of these that it is thought to have gone on as it did.
 */
export function motionStep(motion: Motion, box: Box, seconds: number, ahead: number): Motion {
  return mapAxes(box, (seen, size, axis) => {
    const { place, speed, placeVar, covariance, speedVar } = predict(motion[axis], seconds, ahead, size);
    const missedBy = seen - place;
    const total = placeVar + (MEASURED * size) ** 2;
    const [placeGain, speedGain] = [placeVar / total, covariance / total];
    return {
      place: place + placeGain * missedBy,
      speed: speed + speedGain * missedBy,
      placeVar: (1 - placeGain) * placeVar,
      covariance: (1 - placeGain) * covariance,
      speedVar: speedVar - speedGain * covariance,
    };
  });
}

function predict(axis: Axis, seconds: number, ahead: number, size: number): Axis {
  const { place, speed, placeVar, covariance, speedVar } = axis;
  const noise = (SPEED_CHANGE * size) ** 2;
  return {
    place: place + speed * ahead,
    speed,
    placeVar: placeVar + 2 * seconds * covariance + seconds ** 2 * speedVar + (noise * seconds ** 3) / 3,
    covariance: covariance + seconds * speedVar + (noise * seconds ** 2) / 2,
    speedVar: speedVar + noise * seconds,
  };
}

/**
 * How far from its expected place a box was seen: the squared Mahalanobis distance of both centres, 0 or more, near 2
 * on average for the object itself.
 *
 * @param seconds - since the object was seen last, 0 or more.
 * @param ahead - as in `motionStep`.
 */
export function surprise([x, y]: Motion, box: Box, seconds: number, ahead: number): number {
  const size = sizeOf(box);
  const [dx, dy] = [predict(x, seconds, ahead, size), predict(y, seconds, ahead, size)];
  const measuredVar = (MEASURED * size) ** 2;
  return (
    (box[0] + box[2] / 2 - dx.place) ** 2 / (dx.placeVar + measuredVar) +
    (box[1] + box[3] / 2 - dy.place) ** 2 / (dy.placeVar + measuredVar)
  );
}

/** Where the box is thought to be, when for `ahead` seconds it has gone on as it did. */
export function expectedBox([x, y, w, h]: Motion, ahead: number): Box {
  const width = Math.max(0, w.place + w.speed * ahead);
  const height = Math.max(0, h.place + h.speed * ahead);
  return [x.place + x.speed * ahead - width / 2, y.place + y.speed * ahead - height / 2, width, height];
}

/** Speed of the bottom centre, in widths and heights of the picture a second. */
export function velocityOf([x, y, , height]: Motion): Point {
  return [x.speed, y.speed + height.speed / 2];
}

/** Side of the square that is as large as the box, for which neither its shape nor the picture's matters. */
export function sizeOf([, , width, height]: Box): number {
  return Math.max(LEAST_SIZE, Math.sqrt(width * height));
}

/** Calls for centre x and y, width and height. */
function mapAxes(box: Box, make: (value: number, size: number, axis: 0 | 1 | 2 | 3) => Axis): Motion {
  const [x, y, width, height] = box;
  const size = sizeOf(box);
  return [
    make(x + width / 2, size, 0),
    make(y + height / 2, size, 1),
    make(width, size, 2),
    make(height, size, 3),
  ];
}
