import { bottomCentre } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';
import type { Track } from '../core/track.ts';
import { associate, isPartOf } from './associate.ts';
import { extendPath, type Sighting, velocityOf } from './path.ts';
import { addScore, firstScore, medianScore, type ScoreSummary } from './score-summary.ts';
import { firstStillness, type Stillness, stillnessStep } from './stillness.ts';

export interface TrackerOptions {
  /** Least score that starts a track; weaker detections only continue one. @default 0.3 */
  readonly birth?: number;
  /**
   * Least IoU with where the box is expected. SORT (Bewley et al. 2016, arXiv 1602.00763) takes 0.3 at 30
   * frames/s; at 5, who walks past is half a box further. @default 0.2
   */
  readonly minIou?: number;
  /** Believed once seen in `hits` of the last `frames` frames. @default { hits: 3, frames: 5 } */
  readonly confirm?: { readonly hits: number; readonly frames: number };
  /** Unseen for longer than this, a track ends. @default 2000 */
  readonly endAfterMs?: number;
}

/** Opaque: made by `initialTracker`, handed from step to step. */
export interface TrackerState {
  readonly nextId: number;
  readonly lives: readonly Life[];
}

interface Life {
  readonly id: number;
  readonly label: string;
  readonly box: Detection['box'];
  readonly scores: ScoreSummary;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly path: Track['path'];
  /** Of the last `VELOCITY_WINDOW_MS`. */
  readonly sightings: readonly Sighting[];
  readonly still: Stillness;
  /** Whether it was seen in the newest frames, newest last; only kept until it is confirmed. */
  readonly looks: readonly boolean[];
  readonly confirmed: boolean;
}

const DEFAULTS: Required<TrackerOptions> = {
  birth: 0.3,
  minIou: 0.2,
  confirm: { hits: 3, frames: 5 },
  endAfterMs: 2000,
};
/** What the event's schema holds at most. */
const PATH_POINTS = 32;
/** Long enough to average out a trembling box, short enough to follow a turn. */
const VELOCITY_WINDOW_MS = 1000;
/** For so long an object that is not seen is thought to go on as it did; then it may have stopped anywhere. */
const PREDICT_MS = 1000;

export function initialTracker(): TrackerState {
  return { nextId: 1, lives: [] };
}

/** No open track any more, numbers go on: for a source that was lost and is back. */
export function forgetTracks(state: TrackerState): TrackerState {
  return { nextId: state.nextId, lives: [] };
}

/**
 * Joins one frame's detections to the tracks of its camera. Pure: equal inputs give equal outputs.
 *
 * This signature is the seam of the room. Behind it stands the simplest tracker that is honest about what it
 * saw: greedy overlap with the last box, moved on at its speed. Two-stage association (ByteTrack, arXiv
 * 2110.06864) or a Kalman filter replace what is behind it, not what is around it.
 *
 * A track continues with a detection of its own label only. A detection that lies for the most part in a track
 * of its label starts none: small networks often see an object and a part of it. Association comes before
 * ending, so a source that gives a frame every ten seconds keeps its tracks too.
 *
 * @param detections - of one frame, any order.
 * @param at - the frame's arrival, ms since the epoch; never falls.
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
  const { birth, minIou, endAfterMs } = settings;

  const expected = state.lives.map((life) => ({ label: life.label, box: expectedBox(life, at) }));
  const chosen = associate(expected, detections, minIou);
  const looked = state.lives.map((life, i) => {
    const index = chosen[i];
    return look(life, index === undefined ? undefined : detections[index], at, settings);
  });
  const used = new Set(chosen);
  const unknown = detections.filter((detection, d) => !used.has(d) && detection.score >= birth);
  const seen = looked.filter((life) => life.lastSeen === at);
  const born: Life[] = [];
  for (const detection of unknown.toSorted((a, b) => b.score - a.score)) {
    if ([...seen, ...born].some((life) => isPartOf(life, detection))) continue;
    born.push(begin(state.nextId + born.length, detection, at, settings));
  }

  const isOver = (life: Life) => at - life.lastSeen > endAfterMs;
  const open = [...looked.filter((life) => !isOver(life)), ...born];
  const ended = looked.filter((life) => isOver(life) && life.confirmed);
  return [
    { nextId: state.nextId + born.length, lives: open },
    [...open.map((life) => toTrack(life, false)), ...ended.map((life) => toTrack(life, true))],
  ];
}

function expectedBox({ box, lastSeen, sightings }: Life, at: number): Detection['box'] {
  const seconds = Math.min(at - lastSeen, PREDICT_MS) / 1000;
  const [x, y] = velocityOf(sightings);
  return [box[0] + x * seconds, box[1] + y * seconds, box[2], box[3]];
}

function begin(id: number, detection: Detection, at: number, settings: Required<TrackerOptions>): Life {
  const { label, box, score } = detection;
  const point = bottomCentre(box);
  return {
    id,
    label,
    box,
    scores: firstScore(score),
    firstSeen: at,
    lastSeen: at,
    path: [point],
    sightings: [{ at, point }],
    still: firstStillness(box, at),
    ...judge([], true, settings),
  };
}

function look(
  life: Life,
  detection: Detection | undefined,
  at: number,
  settings: Required<TrackerOptions>,
): Life {
  const verdict = life.confirmed
    ? { looks: [], confirmed: true }
    : judge(life.looks, detection !== undefined, settings);
  if (detection === undefined) return { ...life, ...verdict };
  const point = bottomCentre(detection.box);
  return {
    ...life,
    ...verdict,
    box: detection.box,
    scores: addScore(life.scores, detection.score),
    lastSeen: at,
    path: extendPath(life.path, point, PATH_POINTS),
    sightings: [...life.sightings.filter((s) => at - s.at <= VELOCITY_WINDOW_MS), { at, point }],
    still: stillnessStep(life.still, detection.box, at),
  };
}

function judge(
  before: readonly boolean[],
  seen: boolean,
  { confirm }: Required<TrackerOptions>,
): Pick<Life, 'looks' | 'confirmed'> {
  const looks = [...before, seen].slice(-confirm.frames);
  return { looks, confirmed: looks.filter(Boolean).length >= confirm.hits };
}

function toTrack(life: Life, ended: boolean): Track {
  const { id, label, box, scores, firstSeen, lastSeen, path, sightings, still, confirmed } = life;
  return {
    id,
    label,
    box,
    score: { current: scores.current, best: scores.best, median: medianScore(scores) },
    firstSeen,
    lastSeen,
    path,
    velocity: velocityOf(sightings),
    stationary: still.stationary,
    reacquired: false,
    confirmed,
    ended,
  };
}
