import type { Stay } from '../core/judged.ts';
import { type Area, areaOf, type Look, type Membership, membershipStep, NOWHERE, OUTSIDE } from './area.ts';
import type { ZoneRule } from './options.ts';

/** An area with a name, and what counts as being in it. */
export interface Zone {
  readonly name: string;
  readonly area: Area;
  /** Undefined for every label. */
  readonly labels: readonly string[] | undefined;
  readonly inertia: number;
  readonly dwellMs: number | undefined;
}

/** Where one object stands to one zone. */
export interface ZoneState {
  readonly membership: Membership;
  /** Undefined until it has been inside. */
  readonly stay: Stay | undefined;
  /** Its present stay has reached the zone's dwell. */
  readonly hasDwelt: boolean;
  /** It has been inside, for the zone's dwell where there is one. */
  readonly hasVisited: boolean;
}

export const NEVER_INSIDE: ZoneState = {
  membership: OUTSIDE,
  stay: undefined,
  hasDwelt: false,
  hasVisited: false,
};

const NOTHING: readonly string[] = [];
const STANDARD_INERTIA = 3;

export function zoneOf(name: string, rule: ZoneRule): Zone {
  const { polygon, labels, inertia = STANDARD_INERTIA, dwellMs } = rule;
  return { name, area: areaOf(polygon), labels, inertia, dwellMs };
}

/**
 * One more sighting of an object. A stay begins with the first look that saw it inside and ends with the first that
 * saw it outside, although either is only believed some looks later. Its dwell is told once in each stay.
 *
 * @returns the same state where nothing changes, and what has happened, as an event's reasons.
 */
export function zoneStep(
  state: ZoneState,
  zone: Zone,
  label: string,
  look: Look,
): [ZoneState, readonly string[]] {
  const area = (zone.labels?.includes(label) ?? true) ? zone.area : NOWHERE;
  const membership = membershipStep(state.membership, area, look, zone.inertia);
  const turnedAt = state.membership.against === 0 ? look.at : state.membership.since;
  if (membership.inside) {
    const isNew = !state.membership.inside;
    const stay = isNew ? enter(state.stay, zone.name, turnedAt) : state.stay;
    return stayInside({ ...state, membership, stay }, state, zone, look.at);
  }
  if (membership === state.membership) return [state, NOTHING];
  if (!state.membership.inside) return [{ ...state, membership }, NOTHING];
  const left = { ...state, membership, stay: leave(state.stay, turnedAt), hasDwelt: false };
  return [left, [`zone-leave:${zone.name}`]];
}

function stayInside(
  now: ZoneState,
  before: ZoneState,
  { name, dwellMs }: Zone,
  at: number,
): [ZoneState, readonly string[]] {
  const isNew = now.stay !== before.stay;
  const insideMs = at - (now.stay?.since ?? at);
  const hasDwelt = before.hasDwelt || (dwellMs !== undefined && insideMs >= dwellMs);
  const isNews = hasDwelt && !before.hasDwelt;
  if (!isNew && !isNews) return [now.membership === before.membership ? before : now, NOTHING];
  const hasVisited = before.hasVisited || hasDwelt || dwellMs === undefined;
  const happenings = [...(isNew ? [`zone-enter:${name}`] : []), ...(isNews ? [`dwell:${name}`] : [])];
  return [{ ...now, hasDwelt, hasVisited }, happenings];
}

function enter(stay: Stay | undefined, zone: string, at: number): Stay {
  return { zone, since: at, beforeMs: stay?.beforeMs ?? 0 };
}

function leave(stay: Stay | undefined, at: number): Stay | undefined {
  return stay?.since === undefined
    ? stay
    : { ...stay, since: undefined, beforeMs: stay.beforeMs + at - stay.since };
}
