import type { Judged } from '../core/judged.ts';
import type { Tally } from '../core/tally.ts';
import type { Track } from '../core/track.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Rules } from './compile.ts';
import { beginCooldown, type Cooldowns } from './cooldown.ts';
import { type CrowdState, NO_CROWD } from './crowd.ts';
import { crowdsStep } from './crowds.ts';
import { type Memory, newCrossings, type Outcome, trackStep } from './memory.ts';
import { type Counted, type CountedBefore, emptyTally, withCrossing, withObjects } from './tally.ts';

export interface RulesInput {
  /** Every track of the camera, those that end with this frame included. */
  readonly tracks: readonly Track[];
  /** Pixels of the frame that they were seen in, for the shape of boxes. */
  readonly frame: { readonly width: number; readonly height: number };
  /** @default false */
  readonly explain?: boolean;
}

export interface RulesOutput {
  /** One for each track, in their order. */
  readonly judged: readonly Judged[];
  /** What each rule made of each track that this frame shows, if that was asked for. */
  readonly verdicts: readonly Verdict[];
}

/** Opaque but for its figures: made by `initialRules`, handed from step to step. */
export interface RulesState {
  /** The same object for as long as no number in it changes. */
  readonly tally: Tally;
  /** Confirmed tracks that ended without an event, by the rule that kept them from it. */
  readonly refused: Readonly<Record<string, number>>;
  readonly memories: ReadonlyMap<number, Memory>;
  readonly cooldowns: Cooldowns;
  /** In the order of the rules for crowds. */
  readonly crowds: readonly CrowdState[];
}

/** @param before - what was counted before this start. @default nothing */
export function initialRules(rules: Rules, before: CountedBefore = { lines: {}, labels: [] }): RulesState {
  return {
    tally: emptyTally(rules, before),
    refused: {},
    memories: new Map(),
    cooldowns: new Map(),
    crowds: rules.crowds.map(() => NO_CROWD),
  };
}

/** Nobody in sight: for a source that was lost and is back. Totals and cooldowns go on. */
export function forgetObjects(state: RulesState, rules: Rules): RulesState {
  const empty = withObjects(state.tally, [], rules);
  const { crowds, tally } = crowdsStep(state.crowds, { tally: empty, outcomes: [], at: 0 }, rules);
  return { ...state, tally, crowds, memories: new Map() };
}

/**
 * Holds the tracks of one frame against a camera's rules. Pure: equal inputs give equal outputs.
 *
 * A track becomes an **object**, which is counted, once it passes all of OBJECT_CHECKS in one frame that shows it, and
 * is **admitted** as an event once it passes EVENT_CHECKS too; it stays either for its life. Zones and lines are
 * followed from its first sighting on, so that what happened before it was believed is not lost.
 *
 * @param at - the frame's arrival, ms since the epoch. Whatever time does, no frame counts twice: one that comes again
 *   or too late moves nobody.
 */
export function rulesStep(
  state: RulesState,
  { tracks, frame, explain = false }: RulesInput,
  at: number,
  rules: Rules,
): [RulesState, RulesOutput] {
  let { cooldowns } = state;
  const outcomes = tracks.map((track) => {
    const outcome = trackStep(state.memories.get(track.id), track, { frame, at, cooldowns, rules, explain });
    const begins = outcome.after.isAdmitted && !outcome.before.isAdmitted;
    // The next track of this frame has to wait, too. What is not told of holds nobody back.
    if (begins && !outcome.after.isOldNews) {
      cooldowns = beginCooldown(cooldowns, { label: track.label, stays: outcome.after.trace.stays, at });
    }
    return outcome;
  });
  const open = outcomes.filter(({ track }) => !track.ended);
  const memories = new Map(open.map(({ track, after }) => [track.id, after]));
  const seen = { tally: tallyOf(state, memories, outcomes, rules), outcomes: open, at };
  const { crowds, tally, joined } = crowdsStep(state.crowds, seen, rules);
  return [
    { tally, refused: refusedOf(state.refused, outcomes), memories, cooldowns, crowds },
    {
      judged: outcomes.map((outcome) => judgedOf(outcome, joined)),
      verdicts: explain ? open.flatMap((outcome) => verdictsOf(outcome, at)) : [],
    },
  ];
}

function tallyOf(
  state: RulesState,
  memories: ReadonlyMap<number, Memory>,
  outcomes: readonly Outcome[],
  rules: Rules,
): Tally {
  let { tally } = state;
  for (const outcome of outcomes) {
    for (const crossing of newCrossings(outcome)) tally = withCrossing(tally, outcome.track.label, crossing);
  }
  const objects = objectsOf(memories);
  return areSame(objectsOf(state.memories), objects) ? tally : withObjects(tally, objects, rules);
}

function objectsOf(memories: ReadonlyMap<number, Memory>): Counted[] {
  const objects: Counted[] = [];
  for (const { isObject, label, trace } of memories.values()) {
    if (isObject) objects.push({ label, stays: trace.stays });
  }
  return objects;
}

function areSame(before: readonly Counted[], now: readonly Counted[]): boolean {
  if (before.length !== now.length) return false;
  return now.every(({ label, stays }, i) => label === before[i]?.label && stays === before[i]?.stays);
}

function refusedOf(before: RulesState['refused'], outcomes: readonly Outcome[]): RulesState['refused'] {
  const gone = outcomes.filter(({ track, after }) => track.ended && !after.isAdmitted);
  if (gone.length === 0) return before;
  const counts = { ...before };
  for (const { after } of gone) counts[after.refusedBy] = (counts[after.refusedBy] ?? 0) + 1;
  return counts;
}

/** @param joined - what the crowd made of some tracks, by their ids. */
function judgedOf(
  { track, after, happenings }: Outcome,
  joined: ReadonlyMap<number, readonly string[]>,
): Judged {
  const { isAdmitted, trace } = after;
  const more = joined.get(track.id);
  return {
    track,
    admitted: isAdmitted,
    happenings: more === undefined ? happenings : [...happenings, ...more],
    stays: trace.stays,
    crossings: trace.crossings,
  };
}

function verdictsOf({ track: { id, label }, remarks }: Outcome, at: number): Verdict[] {
  return remarks.map((remark) => ({ track: id, label, at, ...remark }));
}
