import type { Frame } from '../core/frame.ts';
import type { Look, LookReason } from '../core/look.ts';
import type { Track } from '../core/track.ts';
import type { Motion } from './motion.ts';
import { isPartOf, isWorthCutting, type Spot, type Squares, squaresFor } from './squares.ts';
import { type LookedAt, noteLooked, standingIn } from './standing.ts';

export interface LookOptions {
  /** Side of the model's input, in pixels. */
  readonly inputSize: number;
  /** Most squares of one frame besides the whole picture; 0 looks at whole pictures only. @default 4 */
  readonly maxSquares?: number;
  /** Longest time without a look at the whole picture. @default 2_000 */
  readonly ceilingMs?: number;
}

/** Opaque: made by `initialLooks`, handed from step to step. */
export interface LookState {
  /** Arrival of the last frame that was looked at as a whole, ms since the epoch. */
  readonly wholeAt: number;
  /** The same of the last one in which what stands still was looked at closely, and when each of these was. */
  readonly standingAt: number;
  readonly standing: LookedAt;
  /** Arrival of the newest frame, and how long after the one before. */
  readonly at: number;
  readonly gapMs: number;
  /** What since the last look nobody could tell the motion of. */
  readonly unclear: 'first' | 'everywhere' | undefined;
  /** Where something moved last, and until when it may still be there. */
  readonly spots: readonly Spot[];
  readonly openUntil: number;
}

/** What is known of a frame that could be looked at now. */
export interface LookInput {
  readonly picture: Pick<Frame, 'width' | 'height'>;
  /** Of its camera, as of the last look. */
  readonly tracks: readonly Track[];
  /** Of the frame, ms since the epoch. */
  readonly at: number;
}

/** A track that was not seen for longer than this has gone, or is found by a look at the whole picture. */
const TRACK_MS = 1_000;
/** After motion, so that who stops at once is still seen in the frames that it takes to believe in a track. */
const HOLD_MS = 1_500;

export function initialLooks(): LookState {
  const never = Number.NEGATIVE_INFINITY;
  return {
    ...{ wholeAt: never, standingAt: never, standing: new Map() },
    ...{ at: 0, gapMs: 0, unclear: 'first', spots: [], openUntil: 0 },
  };
}

/**
 * Takes what moves in a frame that has arrived, whether or not it will be looked at, so that the motion of one that is
 * dropped is not forgotten.
 */
export function noteMotion(state: LookState, { kind, regions }: Motion, at: number): LookState {
  const next = { ...state, at, gapMs: Math.max(0, at - state.at) };
  switch (kind) {
    case 'still':
      return next;
    case 'moving':
      return { ...next, spots: regions, openUntil: at + HOLD_MS };
    case 'everywhere':
      return { ...next, unclear: state.unclear ?? 'everywhere' };
    case 'new':
      return { ...next, unclear: 'first' };
  }
}

/**
 * What of a frame is to be looked at, asked when the detector is ready for it: squares round what moves and round each
 * open track that does not stand still, where it is expected; the whole picture when that is due at the next frame, in
 * the first frame of a session, when the picture changed everywhere or the squares do not hold all that moves; nothing
 * at all of a quiet frame. What moves of an object that is known, such as the arms of one who stands, is looked at as
 * that object. With the whole picture, once in `ceilingMs`, goes a square round what stands still and is too small to be
 * seen in that, in turn where there are several: a look that cannot show it would count against it.
 */
export function lookStep(state: LookState, input: LookInput, options: LookOptions): [LookState, Look] {
  const { inputSize, maxSquares = 4, ceilingMs = 2_000 } = options;
  const { picture, at } = input;
  const isOpen = at < state.openUntil;
  const spots = isOpen ? state.spots : [];
  const known = input.tracks.filter(({ ended, lastSeen }) => !ended && at - lastSeen <= ceilingMs);
  const places = known.map((track) => ({ ...placeOf(track, input), isOnItsWay: isOnItsWay(track, at) }));
  const active = places.filter((place) => place.isOnItsWay || spots.some((spot) => isPartOf(spot, place)));
  const isDue = at + state.gapMs > state.wholeAt + ceilingMs;
  const why = state.unclear ?? reasonFor(isOpen, active.length > 0, isDue);
  if (why === 'quiet') return [state, { why, squares: [] }];

  const wanted = [...active, ...spots.filter((spot) => !active.some((place) => isPartOf(spot, place)))];
  const canCut = maxSquares > 0 && isWorthCutting(picture, inputSize);
  const cut = (spots: readonly Spot[]): Squares =>
    canCut ? squaresFor(spots, picture, { inputSize, maxSquares }) : NO_SQUARES;
  const { squares, holdAll } = cut(wanted);
  if (holdAll && !isDue && state.unclear === undefined) return [state, { why, squares }];

  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const next: LookState = { ...state, wholeAt: at, unclear: undefined };
  if (at + state.gapMs <= state.standingAt + ceilingMs) return [next, { why, squares: [whole, ...squares] }];
  const standing = standingIn(input.tracks, { lookedAt: state.standing, picture, inputSize });
  const all = cut([...wanted, ...standing.slice(0, 1)]).squares;
  const looked = noteLooked(state.standing, standing, all, at);
  return [
    { ...next, standingAt: at, standing: looked },
    { why, squares: [whole, ...all] },
  ];
}

const NO_SQUARES: Squares = { squares: [], holdAll: false };

function reasonFor(isOpen: boolean, isTracked: boolean, isDue: boolean): LookReason {
  if (isOpen) return 'motion';
  if (isTracked) return 'track';
  return isDue ? 'ceiling' : 'quiet';
}

function isOnItsWay({ ended, stationary, lastSeen }: Track, at: number): boolean {
  return !ended && !stationary && at - lastSeen <= TRACK_MS;
}

/** Where it should be by now, in pixels. */
function placeOf({ box, velocity, lastSeen }: Track, { picture, at }: LookInput): Spot {
  const seconds = (at - lastSeen) / 1000;
  return {
    x: (box[0] + velocity[0] * seconds) * picture.width,
    y: (box[1] + velocity[1] * seconds) * picture.height,
    width: box[2] * picture.width,
    height: box[3] * picture.height,
  };
}
