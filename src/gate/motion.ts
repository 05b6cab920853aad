import type { Frame } from '../core/frame.ts';
import type { Polygon } from '../core/polygon.ts';
import { type Background, compareWith, learn, newBackground } from './background.ts';
import { type Grid, gridOf, readGrey } from './grey-picture.ts';
import { type Blocks, blocksOf, clearBlocks, type Region, takeRegions } from './regions.ts';

export interface MotionOptions {
  /** Grey levels of 255 by which a quiet cell must change; restless ones raise their own. @default 12 */
  readonly threshold?: number;
  /** Share of the picture that must change in one place. @default 0.0005 */
  readonly minArea?: number;
  /** Where changes do not count. @default nowhere */
  readonly masks?: readonly Polygon[];
}

/** What moves in a picture. */
export interface Motion {
  /**
   * `new`: nothing is known yet to compare it with. `everywhere`: lightning, a lamp, infra-red, a lorry before the
   * lens; nobody can tell what moves. `moving`: in `regions`. `still`: all else.
   */
  readonly kind: 'new' | 'still' | 'moving' | 'everywhere';
  /** Largest first; empty unless `moving`. */
  readonly regions: readonly Region[];
}

/**
 * Opaque: made by `motionStep`, handed from step to step. A step uses up the state that it is given, because the
 * arrays in it serve the next one: none is allocated while the size of the pictures stays.
 */
export interface MotionState {
  readonly grid: Grid;
  readonly grey: Uint8Array;
  readonly background: Background;
  readonly blocks: Blocks;
  /** How many pictures the background holds. */
  readonly pictures: number;
  /** Of the last picture. */
  readonly at: number;
  readonly pts: number;
  /** Since when the picture has been another one everywhere. */
  readonly everywhereSince: number | undefined;
}

type Picture = Pick<Frame, 'width' | 'height' | 'data' | 'pts'>;

/** A larger share of changed cells is no object. */
const EVERYWHERE = 0.4;
/** Light that comes or goes by more than a third at once. */
const SUDDEN_LIGHT = 4 / 3;
/** Lightning is over by then, and what was known before it still holds; a lamp stays on. */
const SETTLE_MS = 1_000;

/**
 * What moves, by comparing a small grey picture with a running average of those before it; see background.ts.
 *
 * A change of the whole picture's light is no motion: a slow one is taken out of the comparison, after a sudden one
 * the average waits for a second, and is learned anew if the picture has not come back by then.
 *
 * @param state - undefined for the first picture.
 * @param picture - a `pts` that falls begins a session, and all is learned anew.
 * @param at - its arrival, ms since the epoch; never falls.
 */
export function motionStep(
  state: MotionState | undefined,
  picture: Picture,
  at: number,
  options: MotionOptions = {},
): [MotionState, Motion] {
  const { threshold = 12, minArea = 0.0005 } = options;
  if (state === undefined || !continues(state, picture)) return begin(picture, at, options);
  const { grid, grey, background, blocks, pictures } = state;
  const next = { ...state, at, pts: picture.pts };
  readGrey(picture, grid, grey);
  const { share, light } = compareWith(background, grey, grid, blocks, threshold);
  if (share > EVERYWHERE || light > SUDDEN_LIGHT || light < 1 / SUDDEN_LIGHT) {
    clearBlocks(blocks);
    return [settle(next), { kind: 'everywhere', regions: [] }];
  }
  learn(background, grey, { elapsedMs: at - state.at, pictures, threshold });
  const regions = takeRegions(blocks, grid, minArea * grey.length);
  return [
    { ...next, pictures: pictures + 1, everywhereSince: undefined },
    { kind: regions.length > 0 ? 'moving' : 'still', regions },
  ];
}

function continues({ grid, pts }: MotionState, picture: Picture): boolean {
  return picture.pts >= pts && picture.width === grid.width && picture.height === grid.height;
}

function begin(picture: Picture, at: number, options: MotionOptions): [MotionState, Motion] {
  const { threshold = 12, masks = [] } = options;
  const grid = gridOf(picture);
  const grey = new Uint8Array(grid.columns * grid.rows);
  readGrey(picture, grid, grey);
  const background = newBackground(grid, grey, threshold, masks);
  const state = {
    ...{ grid, grey, background, blocks: blocksOf(grid), pictures: 1 },
    ...{ at, pts: picture.pts, everywhereSince: undefined },
  };
  return [state, { kind: 'new', regions: [] }];
}

/** Waits, then takes the picture for what the place looks like from now on; what was restless stays so. */
function settle(state: MotionState): MotionState {
  const { at, everywhereSince = at, background, grey } = state;
  if (at - everywhereSince < SETTLE_MS) return { ...state, everywhereSince };
  background.mean.set(grey);
  background.recent.set(grey);
  return { ...state, pictures: 1, everywhereSince: undefined };
}
