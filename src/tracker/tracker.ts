import { type Box, intersection } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import { isShown } from '../core/sight.ts';
import type { Track } from '../core/track.ts';
import { findAgain, isPartOf } from './associate.ts';
import {
  beginLife,
  type Confirm,
  expectedBoxOf,
  hideLife,
  type Life,
  missLife,
  passOver,
  returnLife,
  seeLife,
  toTrack,
  wakeLife,
} from './life.ts';
import {
  isHidden,
  isOver,
  isReplaced,
  isWaitedFor,
  newestPlaces,
  rememberAll,
  rememberEnded,
  stillThere,
} from './scene-memory.ts';

export interface TrackerOptions {
  /** Least score that starts a track; weaker detections only continue one. @default 0.3 */
  readonly birth?: number;
  /** Believed once seen in `hits` of the last `frames` frames. @default { hits: 3, frames: 5 } */
  readonly confirm?: Confirm;
  /** Unseen for longer than this, and in three looks, what moves ends. @default 2000 */
  readonly endAfterMs?: number;
  /** What of the picture was looked at: what is elsewhere was not missed. @default all of it */
  readonly looked?: readonly Box[];
  /** Its place seen empty for longer than this, what was parked ends. @default 300000 */
  readonly emptyAfterMs?: number;
}

/** Opaque: made by `initialTracker`, handed from step to step. */
export interface TrackerState {
  readonly nextId: number;
  /** Of the newest look, ms since the epoch. */
  readonly lookedAt: number | undefined;
  /** In the order of their ids; remembered ones among them. */
  readonly lives: readonly Life[];
}

/** What the detector is sure enough of to begin a track with, whoever asks. */
export const BIRTH_SCORE = 0.3;
const ALL: Box = [0, 0, 1, 1];
const DEFAULTS: Required<TrackerOptions> = {
  birth: BIRTH_SCORE,
  confirm: { hits: 3, frames: 5 },
  endAfterMs: 2000,
  looked: [ALL],
  emptyAfterMs: 300_000,
};
/** What a look counts for at most: over an hour without frames nobody saw that a place was empty. */
const MOST_LOOK_MS = 10_000;

export function initialTracker(): TrackerState {
  return { nextId: 1, lookedAt: undefined, lives: [] };
}

/**
 * No open track any more, numbers go on: for a source that was lost and is back. What stood still is remembered.
 */
export function forgetTracks({ nextId, lives }: TrackerState): TrackerState {
  return { nextId, lookedAt: undefined, lives: rememberAll(lives) };
}

/**
 * Joins one frame's detections to the tracks of its camera. Pure: equal inputs give equal outputs.
 *
 * A detection of the floor's score continues a track, one of `birth` starts one, unless it shows a part of a track
 * that is seen. Association is by the expected box and within groups of labels (associate.ts, label-groups.ts); the
 * label is the one with the greatest sum of scores over the life.
 *
 * A track ends by time and by looks: unseen for longer than `endAfterMs` and in three looks at its place, so that
 * neither a frame every ten seconds nor a gate that skips quiet frames ends what is still there. What stands still keeps its place
 * (scene-memory.ts): it ends when its place is seen empty for `emptyAfterMs` or is taken by another, and what was
 * parked is known again there for half a day, with the number it had and `reacquired`. Once that moves, it gets a
 * number of its own.
 *
 * @param detections - of one frame, any order.
 * @param at - the frame's arrival, ms since the epoch; one that falls counts as equal to the one before.
 * @returns open tracks in the order of their ids, unconfirmed and momentarily unseen ones included, then
 *   those that ended with this frame, once. A track that was never confirmed leaves without a word.
 */
export function trackerStep(
  state: TrackerState,
  detections: readonly Detection[],
  at: number,
  options: TrackerOptions = {},
): [TrackerState, Track[]] {
  const settings = { ...DEFAULTS, ...options };
  const { birth, confirm } = settings;
  const now = Math.max(at, state.lookedAt ?? at);
  const tookMs = Math.min(now - (state.lookedAt ?? now), MOST_LOOK_MS);
  const strong = detections.filter(({ score }) => score >= birth);
  const weak = detections.filter(({ score }) => score < birth);

  const isWaited = (life: Life) => isWaitedFor(life, settings);
  const before = state.lookedAt === undefined ? stillThere(state.lives, now) : state.lives;
  const found = findAgain(before, { strong, weak }, now, isWaited);
  const seen = before.flatMap((life) => {
    const detection = found.get(life);
    if (detection === undefined) return [];
    return [seeLife(isWaited(life) ? returnLife(life) : life, detection, now, confirm)];
  });
  const unseen = before
    .filter((life) => !found.has(life))
    .map((life) => {
      if (isHidden(life, seen)) return hideLife(life, tookMs);
      const isLookedAt = isInSight(expectedBoxOf(life, now), settings.looked);
      return isLookedAt ? missLife(life, tookMs, confirm) : passOver(life, tookMs);
    });

  const isGone = (life: Life) => isOver(life, settings) || isReplaced(life, seen);
  const gone = unseen.filter(isGone);
  const woken = seen.filter(({ memory, still }) => memory === 'returned' && !still.stationary);
  const kept = [...seen, ...unseen].filter((life) => !gone.includes(life) && !woken.includes(life));
  const remembered = rememberEnded(gone.filter((life) => !isReplaced(life, seen)));
  const renamed = woken.map((life, i) => wakeLife(life, state.nextId + i));
  const used = new Set(found.values());
  const unknown = strong.filter((detection) => !used.has(detection));
  const born = bear(unknown, seen, state.nextId + renamed.length, now, confirm);

  const lives = newestPlaces([...kept, ...remembered, ...renamed, ...born]).sort((a, b) => a.id - b.id);
  const ended = [...gone, ...woken].filter(({ confirmed, memory }) => confirmed && memory !== 'remembered');
  const open = lives.filter(({ memory }) => memory !== 'remembered');
  return [
    { nextId: state.nextId + renamed.length + born.length, lookedAt: now, lives },
    [
      ...open.map((life) => toTrack(life, false)),
      ...ended.sort((a, b) => a.id - b.id).map((life) => toTrack(life, true)),
    ],
  ];
}

/** Whether a look would have shown what is in a box; what has left the picture would be seen to be gone. */
function isInSight(box: Box, looked: readonly Box[]): boolean {
  return intersection(box, ALL) === 0 || looked.some((square) => isShown(box, square));
}

/** New lives, best score first, for what is no part of a life that is seen. */
function bear(
  unknown: readonly Detection[],
  seen: readonly Life[],
  firstId: number,
  at: number,
  confirm: Confirm,
): Life[] {
  const born: Life[] = [];
  for (const detection of unknown.toSorted((a, b) => b.score - a.score)) {
    if ([...seen, ...born].some((life) => isPartOf(life, detection))) continue;
    born.push(beginLife(firstId + born.length, detection, at, confirm));
  }
  return born;
}
