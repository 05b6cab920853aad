import type { END_REASONS } from '../core/event-reasons.ts';
import type { Judged } from '../core/judged.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Track } from '../core/track.ts';
import { type FrameFacts, type MessageFacts, showsFrame, toMessage } from './message.ts';
import type { LifeOptions } from './options.ts';

/** Why a life ended: out of sight, or nobody looks any more. */
export type EndReason = Exclude<(typeof END_REASONS)[number], 'restart'>;

export interface LifeInput {
  /** Every track of the camera as the rules judge it, those that end with this frame included. */
  readonly judged: readonly Judged[];
  /** The frame that the tracks were judged on. */
  readonly frame: FrameFacts;
  /** ms since the epoch; `now` minus the frame's time becomes `latency_ms`. */
  readonly now: number;
}

/** Opaque: made by `initialLives`, handed from step to step. */
export interface LifeState {
  /** `stream_seq` of the camera's next event. */
  readonly streamSeq: number;
  readonly lives: ReadonlyMap<number, Life>;
}

interface Life {
  readonly judged: Judged;
  readonly frame: FrameFacts;
  /** What happened to it and has not been told yet, as reasons, newest last. */
  readonly pending: readonly string[];
  /** What consumers know of it; undefined until `new` went out. */
  readonly told: Told | undefined;
  /** Ended for consumers while the tracker still follows it: stays silent. */
  readonly closed: boolean;
}

interface Told {
  readonly seq: number;
  /** Arrival of the newest message's frame, ms since the epoch. */
  readonly at: number;
  readonly stationary: boolean;
  /** Score of the best picture that a message brought. */
  readonly pictureScore: number;
  /** Arrival of the frame that the newest of them shows, ms since the epoch. */
  readonly pictureAt: number;
}

/** A picture must beat all that were sent by this much to be worth a message: ten updates a life at most. */
const BETTER_PICTURE = 0.1;
const HEARTBEAT_MS = 60_000;
/** Between two messages of one life, but for its `end`. */
const LEAST_GAP_MS = 1000;

/** @param streamSeq - of the first event. @default 0 */
export function initialLives(streamSeq = 0): LifeState {
  return { streamSeq, lives: new Map() };
}

/**
 * What there is to say after one frame. Each track that the rules admit gets one `new`, an `update` only for a
 * listed reason, and one `end`:
 *
 * - `zone-enter:gate`, `zone-leave:gate`, `dwell:gate`, `crowd:gate`, `line:kerb:in`, `line:kerb:out`: what the rules saw;
 * - `better-picture`: this frame shows it with a score at least 0.1 above every picture sent;
 * - `stationary`, `moving`: it has stood in one place for ten seconds, it has left it;
 * - `heartbeat`: nothing was said for 60 s;
 * - `image`, `clip`: see `tellOf`.
 *
 * Updates of one life are at least 1 s apart; what is due earlier waits. What the rules saw is never dropped: it
 * goes out with the next message, the first or last one included; the rest is dropped if it is true no more.
 * News and updates come in the order of the tracks, then the ends. `seq` counts per life and `stream_seq`
 * per camera, both without a gap.
 */
export function lifeStep(
  state: LifeState,
  input: LifeInput,
  options: LifeOptions,
): [LifeState, FalconetEvent[]] {
  const { judged, frame, now } = input;
  const lives = new Map<number, Life>();
  const messages: Unnumbered[] = [];
  const ends: Unnumbered[] = [];

  for (const one of judged) {
    const { track } = one;
    const life = watch(state.lives.get(track.id), one, frame);
    if (track.ended) {
      if (isOpen(life)) ends.push(endOf(life, 'lost', frame, now));
      continue;
    }
    const message = newsOf(life, frame, now) ?? updateOf(life, frame, now);
    if (message !== undefined) messages.push(message);
    lives.set(track.id, message === undefined ? life : told(life, message));
  }
  const listed = new Set(judged.map(({ track }) => track.id));
  for (const life of state.lives.values()) {
    if (!listed.has(life.judged.track.id) && isOpen(life)) ends.push(endOf(life, 'lost', frame, now));
  }
  return number(state.streamSeq, lives, [...messages, ...ends], options);
}

/**
 * Ends all that is open, because the source is lost or the gateway stops. Each `end` keeps the frame and box of
 * the last look; its `time` is `now`. A track that goes on after this stays silent: forget the tracker's too.
 */
export function endAll(
  state: LifeState,
  { now, reason }: { readonly now: number; readonly reason: EndReason },
  options: LifeOptions,
): [LifeState, FalconetEvent[]] {
  const ends = [...state.lives.values()]
    .filter(isOpen)
    .map((life) => endOf(life, reason, { ...life.frame, time: now }, now));
  const lives = new Map([...state.lives].map(([id, life]) => [id, { ...life, closed: true }]));
  return number(state.streamSeq, lives, ends, options);
}

/** What came later than its frame. */
export interface LateNews {
  readonly track: Track['id'];
  readonly reason: 'image' | 'clip';
  /** Arrival of the frame that a picture shows, ms since the epoch. @default it is none */
  readonly of?: number | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * An `update` of what came later than its frame: it keeps the frame and box of the last look. Nothing where the life is
 * not open any more, and of a picture where a better one, of a later frame, has gone out meanwhile.
 */
export function tellOf(
  state: LifeState,
  { track, reason, of, now }: LateNews,
  options: LifeOptions,
): [LifeState, FalconetEvent[]] {
  const life = state.lives.get(track);
  if (life === undefined || !isOpen(life)) return [state, []];
  if (of !== undefined && of < life.told.pictureAt) return [state, []];
  const reasons = [reason, ...life.pending, ...standing(life)];
  const message = messageOf(
    life,
    { type: 'update', reason: reasons, seq: life.told.seq + 1 },
    life.frame,
    now,
  );
  return number(state.streamSeq, new Map(state.lives).set(track, told(life, message)), [message], options);
}

type Unnumbered = Omit<MessageFacts, 'streamSeq'>;
type Open = Life & { readonly told: Told };

function isOpen(life: Life): life is Open {
  return life.told !== undefined && !life.closed;
}

function watch(life: Life | undefined, judged: Judged, frame: FrameFacts): Life {
  const { track, happenings } = judged;
  // Found again but not known here: consumers were told of it before the source was lost, or in an earlier run.
  if (life === undefined) {
    return { judged, frame, pending: happenings, told: undefined, closed: track.reacquired };
  }
  if (happenings.length === 0) return { ...life, judged, frame };
  const older = life.pending.filter((reason) => !happenings.includes(reason));
  return { ...life, judged, frame, pending: [...older, ...happenings] };
}

function newsOf(life: Life, frame: FrameFacts, now: number): Unnumbered | undefined {
  const { judged, pending, told, closed } = life;
  if (told !== undefined || closed || !judged.admitted) return undefined;
  return messageOf(life, { type: 'new', reason: ['confirmed', ...pending], seq: 0 }, frame, now);
}

function updateOf(life: Life, frame: FrameFacts, now: number): Unnumbered | undefined {
  if (!isOpen(life) || frame.time - life.told.at < LEAST_GAP_MS) return undefined;
  const { told, pending, judged } = life;
  const { track } = judged;
  const reason = [...pending, ...standing(life)];
  const isShown = track.lastSeen === frame.time;
  if (isShown && track.score.current >= told.pictureScore + BETTER_PICTURE) reason.push('better-picture');
  if (reason.length === 0 && frame.time - told.at >= HEARTBEAT_MS) reason.push('heartbeat');
  if (reason.length === 0) return undefined;
  return messageOf(life, { type: 'update', reason, seq: told.seq + 1 }, frame, now);
}

/** Whether it stands or moves, where consumers believe the other. */
function standing({ judged: { track }, told }: Open): string[] {
  if (track.stationary === told.stationary) return [];
  return [track.stationary ? 'stationary' : 'moving'];
}

function endOf(life: Open, reason: EndReason, frame: FrameFacts, now: number): Unnumbered {
  return messageOf(
    life,
    { type: 'end', reason: [reason, ...life.pending], seq: life.told.seq + 1 },
    frame,
    now,
  );
}

function messageOf(
  { judged }: Life,
  what: Pick<MessageFacts, 'type' | 'reason' | 'seq'>,
  frame: FrameFacts,
  now: number,
): Unnumbered {
  return { ...what, judged, frame, now };
}

function told(life: Life, message: Unnumbered): Life {
  const { seq, frame, judged } = message;
  const { track } = judged;
  const { pictureScore = 0, pictureAt = frame.time } = life.told ?? {};
  const picture = showsFrame(message)
    ? { pictureScore: Math.max(pictureScore, track.score.current), pictureAt: frame.time }
    : { pictureScore, pictureAt };
  return { ...life, pending: [], told: { seq, at: frame.time, stationary: track.stationary, ...picture } };
}

function number(
  first: number,
  lives: ReadonlyMap<number, Life>,
  messages: readonly Unnumbered[],
  options: LifeOptions,
): [LifeState, FalconetEvent[]] {
  const events = messages.map((message, i) => toMessage({ ...message, streamSeq: first + i }, options));
  return [{ streamSeq: first + messages.length, lives }, events];
}
