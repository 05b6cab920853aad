import { type Box, bottomCentre } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import type { Track } from '../core/track.ts';
import { expectedBox, firstMotion, type Motion, motionStep, velocityOf } from './kalman.ts';
import { groupOf, type Votes, vote, winner } from './label-groups.ts';
import { extendPath } from './path.ts';
import { addScore, firstScore, medianScore, type ScoreSummary } from './score-summary.ts';
import { firstStillness, type Stillness, stillnessStep } from './stillness.ts';

/** What a tracker remembers of one object. */
export interface Life {
  readonly id: number;
  readonly group: string;
  readonly votes: Votes;
  /** Winner of the votes. */
  readonly label: string;
  /** As it was seen last. */
  readonly box: Box;
  readonly motion: Motion;
  readonly scores: ScoreSummary;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly path: Track['path'];
  readonly still: Stillness;
  /** Whether it was seen in the newest frames, newest last; only kept until it is confirmed. */
  readonly looks: readonly boolean[];
  readonly confirmed: boolean;
  /** Looks since it was seen last, and how long they took, ms. */
  readonly missed: { readonly looks: number; readonly ms: number };
  /** How long looks have gone elsewhere since the last one that its place was in, ms. */
  readonly elsewhereMs: number;
  /** How long since it was seen last something stood or passed before its place, ms. */
  readonly hiddenMs: number;
  /** Found again where it stood, after it was out of sight for longer than what moves is waited for. */
  readonly reacquired: boolean;
  /**
   * `none`: a life like any other. `remembered`: it has ended, only its place is known. `returned`: seen there again;
   * it is the object that consumers were told of, until it moves.
   */
  readonly memory: 'none' | 'remembered' | 'returned';
}

/** Believed once seen in `hits` of the last `frames` frames. */
export interface Confirm {
  readonly hits: number;
  readonly frames: number;
}

/** What the event's schema holds at most. */
const PATH_POINTS = 32;
/** For so long an object that is not seen is thought to go on as it did; then it may have stopped anywhere. */
const AHEAD_SECONDS = 2;
const NOT_MISSED: Life['missed'] = { looks: 0, ms: 0 };

export function beginLife(id: number, detection: Detection, at: number, confirm: Confirm): Life {
  const { label, box, score } = detection;
  return {
    id,
    group: groupOf(label),
    votes: [[label, score]],
    label,
    box,
    motion: firstMotion(box),
    scores: firstScore(score),
    firstSeen: at,
    lastSeen: at,
    path: [bottomCentre(box)],
    still: firstStillness(box, at),
    ...judge([], true, confirm),
    missed: NOT_MISSED,
    elsewhereMs: 0,
    hiddenMs: 0,
    reacquired: false,
    memory: 'none',
  };
}

/** Where it is thought to be. */
export function expectedBoxOf(life: Life, at: number): Box {
  return expectedBox(life.motion, aheadSeconds(life, at));
}

/** Seconds since it was seen last in which it is thought to have gone on as it did. */
export function aheadSeconds(life: Life, at: number): number {
  return Math.min(secondsUnseen(life, at), AHEAD_SECONDS);
}

/** Seconds since it was seen last; 0 where that was in a run whose clock was ahead. */
export function secondsUnseen({ lastSeen }: Life, at: number): number {
  return Math.max(0, at - lastSeen) / 1000;
}

/** The life with one more sight. */
export function seeLife(life: Life, detection: Detection, at: number, confirm: Confirm): Life {
  const { label, box, score } = detection;
  const votes = vote(life.votes, label, score);
  return {
    ...life,
    votes,
    label: winner(votes),
    box,
    motion: motionStep(life.motion, box, secondsUnseen(life, at), aheadSeconds(life, at)),
    scores: addScore(life.scores, score),
    lastSeen: Math.max(at, life.lastSeen),
    path: extendPath(life.path, bottomCentre(box), PATH_POINTS),
    still: stillnessStep(life.still, box, at),
    ...(life.confirmed ? {} : judge(life.looks, true, confirm)),
    missed: NOT_MISSED,
    elsewhereMs: 0,
    hiddenMs: 0,
  };
}

/** The life after a look that went elsewhere: nobody knows whether it is still there. */
export function passOver(life: Life, tookMs: number): Life {
  return { ...life, elsewhereMs: life.elsewhereMs + tookMs };
}

/** The life after a look that something else hid it from: nobody knows either. */
export function hideLife(life: Life, tookMs: number): Life {
  return { ...life, hiddenMs: life.hiddenMs + tookMs };
}

/**
 * The life after a look that did not show it.
 *
 * @param tookMs - since the look before, ms.
 */
export function missLife(life: Life, tookMs: number, confirm: Confirm): Life {
  const missed = { looks: life.missed.looks + 1, ms: life.missed.ms + life.elsewhereMs + tookMs };
  return { ...life, missed, elsewhereMs: 0, ...(life.confirmed ? {} : judge(life.looks, false, confirm)) };
}

/** The life of what is found again in its place, before `seeLife`. */
export function returnLife(life: Life): Life {
  return { ...life, reacquired: true, memory: life.memory === 'none' ? 'none' : 'returned' };
}

/** A life of its own for an object that returned and now moves: what consumers were told of is over. */
export function wakeLife(life: Life, id: number): Life {
  const { lastSeen, box } = life;
  return { ...life, id, firstSeen: lastSeen, path: [bottomCentre(box)], reacquired: false, memory: 'none' };
}

export function toTrack(life: Life, ended: boolean): Track {
  const { id, label, box, scores, firstSeen, lastSeen, path, motion, still, reacquired, confirmed } = life;
  return {
    id,
    label,
    box,
    score: { current: scores.current, best: scores.best, median: medianScore(scores) },
    firstSeen,
    lastSeen,
    path,
    velocity: velocityOf(motion),
    stationary: still.stationary,
    reacquired,
    confirmed,
    ended,
  };
}

function judge(
  before: readonly boolean[],
  seen: boolean,
  { hits, frames }: Confirm,
): Pick<Life, 'looks' | 'confirmed'> {
  const looks = [...before, seen].slice(-frames);
  const confirmed = looks.filter(Boolean).length >= hits;
  return { looks: confirmed ? [] : looks, confirmed };
}
