import type { Box } from '../core/box.ts';

/** Whether an object stands still, and since when it has been where. */
export interface Stillness {
  readonly stationary: boolean;
  /** Box and time, ms since the epoch, that later boxes are compared with. */
  readonly anchor: { readonly box: Box; readonly at: number };
  /** Sights in a row that showed it away from its anchor. */
  readonly away: number;
}

/** So long near one place makes an object stationary; a car at a red light for less is still on its way. */
const STILL_AFTER_MS = 10_000;
/** Share of the box's width and height that a standing object's box may tremble by. */
const NEAR = 0.25;
/** Share that a stationary object must travel to move again; above `NEAR`, so that the answer does not flap. */
const FAR = 0.5;
/** One box that is wrong, or two, do not move a parked car. */
const AWAY_SIGHTS = 3;

export function firstStillness(box: Box, at: number): Stillness {
  return { stationary: false, anchor: { box, at }, away: 0 };
}

/**
 * Compares where the object stands now, by its bottom centre, with where it stood at its anchor. An anchor that is
 * left for three sights in a row follows: moving, it is left at a quarter of the object's size; stationary, at half.
 *
 * @param box - of a frame that shows the object.
 * @param at - that frame's arrival, ms since the epoch.
 */
export function stillnessStep(state: Stillness, box: Box, at: number): Stillness {
  const { stationary, anchor, away } = state;
  if (wayBetween(anchor.box, box) > (stationary ? FAR : NEAR)) {
    return away + 1 < AWAY_SIGHTS ? { ...state, away: away + 1 } : firstStillness(box, at);
  }
  if (away === 0 && (stationary || at - anchor.at < STILL_AFTER_MS)) return state;
  return { stationary: stationary || at - anchor.at >= STILL_AFTER_MS, anchor, away: 0 };
}

/** Way of the bottom centre in sizes of the larger of both boxes, on the axis where it is longest. */
export function wayBetween(a: Box, b: Box): number {
  const x = Math.abs(a[0] + a[2] / 2 - (b[0] + b[2] / 2));
  const y = Math.abs(a[1] + a[3] - (b[1] + b[3]));
  return Math.max(share(x, Math.max(a[2], b[2])), share(y, Math.max(a[3], b[3])));
}

function share(way: number, size: number): number {
  return way === 0 ? 0 : way / size;
}
