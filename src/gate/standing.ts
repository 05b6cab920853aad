import type { Square } from '../core/detection.ts';
import type { Track } from '../core/track.ts';
import { isLarge, type Spot } from './squares.ts';

/** An object that stands still, where it was seen last. */
export interface Standing extends Spot {
  readonly id: number;
}

/** When each standing object was last in a square that was made for some, by its id, ms since the epoch. */
export type LookedAt = ReadonlyMap<number, number>;

/** Those too small for the whole picture to show them for certain, longest not looked at first. */
export function standingIn(
  tracks: readonly Track[],
  {
    lookedAt,
    picture,
    inputSize,
  }: {
    readonly lookedAt: LookedAt;
    readonly picture: { readonly width: number; readonly height: number };
    readonly inputSize: number;
  },
): Standing[] {
  const since = ({ id }: Standing): number => lookedAt.get(id) ?? 0;
  return tracks
    .filter(({ ended, stationary }) => !ended && stationary)
    .map(({ id, box: [x, y, width, height] }) => ({
      id,
      x: x * picture.width,
      y: y * picture.height,
      width: width * picture.width,
      height: height * picture.height,
    }))
    .filter((spot) => !isLarge(spot, inputSize))
    .sort((a, b) => since(a) - since(b));
}

/** After a look at these squares; what stands no more is forgotten. */
export function noteLooked(
  lookedAt: LookedAt,
  standing: readonly Standing[],
  squares: readonly Square[],
  at: number,
): LookedAt {
  return new Map(
    standing.map((spot) => {
      const isShown = squares.some((square) => holds(square, spot));
      return [spot.id, isShown ? at : (lookedAt.get(spot.id) ?? 0)];
    }),
  );
}

function holds(square: Square, { x, y, width, height }: Spot): boolean {
  const isAcross = x >= square.x && x + width <= square.x + square.width;
  return isAcross && y >= square.y && y + height <= square.y + square.height;
}
