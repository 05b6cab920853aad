import type { Frame } from '../core/frame.ts';
import type { Health, HealthCondition } from '../core/health.ts';
import { gridOf } from './grey-picture.ts';
import { bestOffset, likenessAt, type Outline } from './outline.ts';
import { factsOf, type PictureFacts } from './picture-facts.ts';
import { rateOf } from './running-average.ts';

/** What a camera's pictures were like when they were good. */
interface Past {
  /** Pictures that it holds. */
  readonly count: number;
  /** Contrast to brightness, and detail to contrast: light alone changes neither much. */
  readonly contrast: number;
  readonly sharpness: number;
  readonly detail: number;
  readonly outline: Outline;
}

/** Opaque: made by `initialHealth`, handed from step to step. */
export interface HealthState {
  /** Of the newest picture that was looked at, ms since the epoch. */
  readonly at: number;
  /** Usual mean grey, and how many pictures that holds. */
  readonly brightness: number;
  readonly count: number;
  /** By daylight and by infra-red, each once it was seen. */
  readonly colour: Past | undefined;
  readonly grey: Past | undefined;
  /** The outline of the last few pictures. */
  readonly recent: Outline | undefined;
  /** Conditions that are about to change, since when and in how many pictures. */
  readonly pending: ReadonlyMap<HealthCondition, Pending>;
  readonly health: Health;
}

interface Pending {
  readonly since: number;
  readonly pictures: number;
}

/** Whether a condition is seen; one that is missing cannot be told in this picture. */
type Seen = Readonly<Partial<Record<HealthCondition, boolean>>>;

const CONDITIONS: readonly HealthCondition[] = ['dark', 'blurred', 'covered', 'shifted'];
const LOOK_EVERY_MS = 5_000;
/** For so long, and in so many pictures, a condition must hold before it is told, and be gone before that is. */
const SURE_MS = 60_000;
const SURE_PICTURES = 6;
/** In which what counts as good takes over 63 % of a change: weather is followed, and the light faster: dusk is. */
const PAST_MS = 600_000;
const LIGHT_MS = 120_000;
/** A camera that was turned on purpose looks right from its new place after so long. */
const SHIFTED_MS = 3_600_000;

/** Grey levels below which nothing can be judged, and the share of what was usual that is no dusk. */
const DARK = 20;
const DARK_SHARE = 0.25;
/** Shares of the usual. */
const BLURRED_SHARE = 0.5;
const COVERED_SHARE = 0.25;
/** Grey levels of contrast that a surface has at most. */
const COVERED_MOST = 12;
/** Likeness of the outline in its old place at most, in its new one at least, and by how much more. */
const SHIFTED_OLD = 0.6;
const SHIFTED_NEW = 0.45;
const SHIFTED_MORE = 0.25;
/** Pictures in which the outline of now takes over 63 % of a change: who walks by leaves no edge in it. */
const RECENT_PICTURES = 4;
/** What was told is over only when it is better by so much. */
const HYSTERESIS = 1.25;

export function initialHealth(): HealthState {
  return {
    ...{ at: Number.NEGATIVE_INFINITY, brightness: 0, count: 0, colour: undefined, grey: undefined },
    ...{ recent: undefined, pending: new Map(), health: {} },
  };
}

/**
 * What is wrong with a camera's picture, against its own past: looks at one picture in 5 s, and tells what held for a
 * minute. By daylight and by infra-red a camera has a past of its own, and what changes slowly is followed: dusk,
 * weather and the switch of the light are no condition. The first half minute of each, and of pictures of another size,
 * is learned and not judged.
 *
 * @param at - the picture's arrival, ms since the epoch; never falls.
 */
export function healthStep(
  state: HealthState,
  picture: Pick<Frame, 'width' | 'height' | 'data'>,
  at: number,
): [HealthState, Health] {
  if (at - state.at < LOOK_EVERY_MS) return [state, state.health];
  const now = factsOf(picture, gridOf(picture));
  const facts = { ...now, outline: mixOutlines(state.recent, now.outline, 1 / RECENT_PICTURES) };
  const seen = seenIn(facts, state);
  const judged = judge(state, seen, at);
  const isGood = judged.pending.size === 0 && Object.keys(judged.health).length === 0;
  // What was told would else hold for ever: pictures of a kind that nobody has learned are not judged.
  const isNew = (pastOf(facts, state)?.count ?? 0) < SURE_PICTURES && !seen.dark && !seen.covered;
  const next = isGood || isNew ? learn(judged, facts, at - state.at) : acceptPlace(judged, at);
  return [{ ...next, at, recent: facts.outline }, next.health];
}

/** The past of pictures like this one, if there is one. */
function pastOf({ isColour, outline }: PictureFacts, { colour, grey }: HealthState): Past | undefined {
  const past = isColour ? colour : grey;
  return past !== undefined && areOfOneSize(past.outline, outline) ? past : undefined;
}

function seenIn(facts: PictureFacts, state: HealthState): Seen {
  if (state.count < SURE_PICTURES) return {};
  const { brightness, contrast, detail } = facts;
  /** What is told must be better by more than what is not. */
  const scale = (condition: HealthCondition): number =>
    state.health[condition] === undefined ? 1 : HYSTERESIS;
  const dark = scale('dark');
  if (brightness < DARK * dark && brightness < DARK_SHARE * state.brightness * dark) return { dark: true };

  const covered = scale('covered');
  const isPlain = contrast < COVERED_MOST * covered;
  // What is put before a lens is often grey: then the pictures by daylight tell what there was to see.
  const past = pastOf(facts, state) ?? (isPlain ? state.colour : undefined);
  if (past === undefined || past.count < SURE_PICTURES) return { dark: false };
  const { contrast: contrastShare, sharpness } = sharesOf(facts, past);
  if (isPlain && contrastShare < COVERED_SHARE * covered) return { dark: false, covered: true };
  const blurred = BLURRED_SHARE * scale('blurred');
  const isBlurred = sharpness < blurred && detail < past.detail * blurred;
  return {
    dark: false,
    covered: false,
    blurred: isBlurred,
    shifted: isShifted(facts, past, scale('shifted')),
  };
}

/** Of contrast and sharpness, what is left of the usual. */
function sharesOf(facts: PictureFacts, past: Past): Pick<Past, 'contrast' | 'sharpness'> {
  const now = measuresOf(facts);
  return { contrast: now.contrast / past.contrast, sharpness: now.sharpness / past.sharpness };
}

/** Light alone changes neither of these much. */
function measuresOf({ brightness, contrast, detail }: PictureFacts): Pick<Past, 'contrast' | 'sharpness'> {
  return { contrast: (contrast + 1) / (brightness + 8), sharpness: (detail + 1) / (contrast + 2) };
}

function isShifted({ outline }: PictureFacts, past: Past, scale: number): boolean {
  const here = likenessAt(past.outline, outline, 0, 0);
  if (here >= SHIFTED_OLD * scale) return false;
  const { likeness } = bestOffset(past.outline, outline);
  return likeness >= SHIFTED_NEW / scale && likeness >= here + SHIFTED_MORE / scale;
}

/** Lets a condition begin or end once it has been another one for long enough. */
function judge(state: HealthState, seen: Seen, at: number): HealthState {
  const pending = new Map(state.pending);
  const health: Partial<Record<HealthCondition, number>> = { ...state.health };
  for (const condition of CONDITIONS) {
    const isSeen = seen[condition];
    if (isSeen === undefined) continue;
    const isTold = health[condition] !== undefined;
    pending.delete(condition);
    if (isSeen === isTold) continue;
    const { since, pictures } = state.pending.get(condition) ?? { since: at, pictures: 0 };
    if (at - since < SURE_MS || pictures + 1 < SURE_PICTURES) {
      pending.set(condition, { since, pictures: pictures + 1 });
    } else if (isSeen) health[condition] = since;
    else delete health[condition];
  }
  return { ...state, pending, health };
}

function learn(state: HealthState, facts: PictureFacts, elapsedMs: number): HealthState {
  const past = learnPast(pastOf(facts, state), facts, elapsedMs);
  return {
    ...state,
    brightness: mix(state.brightness, facts.brightness, rateOf(elapsedMs, LIGHT_MS, state.count)),
    count: state.count + 1,
    ...(facts.isColour ? { colour: past } : { grey: past }),
  };
}

function learnPast(past: Past | undefined, facts: PictureFacts, elapsedMs: number): Past {
  const { contrast, sharpness } = measuresOf(facts);
  const { detail, outline } = facts;
  if (past === undefined) return { count: 1, contrast, sharpness, detail, outline };
  const rate = rateOf(elapsedMs, PAST_MS, past.count);
  return {
    count: past.count + 1,
    contrast: mix(past.contrast, contrast, rate),
    sharpness: mix(past.sharpness, sharpness, rate),
    detail: mix(past.detail, detail, rate),
    outline: mixOutlines(past.outline, outline, rate),
  };
}

/** Forgets the old place of a camera that has been in a new one for long. */
function acceptPlace(state: HealthState, at: number): HealthState {
  const { shifted, ...health } = state.health;
  if (shifted === undefined || at - shifted < SHIFTED_MS) return state;
  return { ...state, health, colour: undefined, grey: undefined };
}

function areOfOneSize(a: Outline, b: Outline): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

function mixOutlines(before: Outline | undefined, now: Outline, rate: number): Outline {
  if (before === undefined || !areOfOneSize(before, now)) return now;
  return { ...now, edges: before.edges.map((edge, i) => mix(edge, now.edges[i] as number, rate)) };
}

function mix(before: number, now: number, rate: number): number {
  return before + rate * (now - before);
}
