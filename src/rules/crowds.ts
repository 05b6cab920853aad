import type { Stay } from '../core/judged.ts';
import type { Tally } from '../core/tally.ts';
import type { Rules } from './compile.ts';
import { type CrowdState, crowdStep, NO_CROWD } from './crowd.ts';
import type { Outcome } from './memory.ts';
import { withCrowd } from './tally.ts';

/** What one frame makes of all crowds. */
export interface Crowds {
  readonly crowds: readonly CrowdState[];
  readonly tally: Tally;
  /** By the id of a track, what has happened to it, as an event's reasons. */
  readonly joined: ReadonlyMap<number, readonly string[]>;
}

/**
 * Counts the crowds. One that has just become one is told by the event that entered the zone last.
 *
 * @param outcomes - of the tracks in sight.
 */
export function crowdsStep(
  before: readonly CrowdState[],
  {
    tally,
    outcomes,
    at,
  }: { readonly tally: Tally; readonly outcomes: readonly Outcome[]; readonly at: number },
  rules: Rules,
): Crowds {
  const joined = new Map<number, readonly string[]>();
  let told = tally;
  const crowds = rules.crowds.map((rule, i) => {
    const state = before[i] ?? NO_CROWD;
    const [label, most] = largest(tally, rule.zone);
    const after = crowdStep(state, rule, most, at);
    if (after.isCrowd === state.isCrowd) return after;
    told = withCrowd(told, rule.zone, after.isCrowd);
    const last = after.isCrowd ? lastToEnter(outcomes, rule.zone, label) : undefined;
    if (last !== undefined) joined.set(last, [...(joined.get(last) ?? []), `crowd:${rule.zone}`]);
    return after;
  });
  return { crowds, tally: told, joined };
}

/** The label of which most objects are in a zone, and how many. */
function largest({ zones }: Tally, zone: string): [label: string, count: number] {
  const counts = Object.entries(zones[zone]?.counts ?? {});
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0]);
}

/** Id of the admitted track of a label that has been in a zone for the shortest time. */
function lastToEnter(outcomes: readonly Outcome[], zone: string, label: string): number | undefined {
  const inside = outcomes.flatMap(({ track: { id }, after }) => {
    const since = after.trace.stays.find((stay: Stay) => stay.zone === zone)?.since;
    return after.isAdmitted && after.label === label && since !== undefined ? [{ id, since }] : [];
  });
  return inside.sort((a, b) => b.since - a.since)[0]?.id;
}
