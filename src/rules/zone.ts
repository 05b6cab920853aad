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

const STANDARD_INERTIA = 3;

export function zoneOf(name: string, rule: ZoneRule): Zone {
  const { polygon, labels, inertia = STANDARD_INERTIA, dwellMs } = rule;
  return { name, area: areaOf(polygon), labels, inertia, dwellMs };
}

/**
 * One more sighting of an object. A stay begins with the first look that saw it inside and ends with the first that
 * saw it outside, although either is only believed some looks later.
 *
 * @returns the same state where nothing changes.
 */
export function zoneStep(state: ZoneState, zone: Zone, label: string, look: Look): ZoneState {
  const area = (zone.labels?.includes(label) ?? true) ? zone.area : NOWHERE;
  const before = state.membership;
  const membership = membershipStep(before, area, look, zone.inertia);
  if (!before.inside && !membership.inside) return membership === before ? state : { ...state, membership };
  const turnedAt = before.against === 0 ? look.at : before.since;
  if (!membership.inside) return { ...state, membership, stay: leave(state.stay, turnedAt), hasDwelt: false };

  const stay = before.inside ? state.stay : enter(state.stay, zone.name, turnedAt);
  const insideMs = look.at - (stay?.since ?? look.at);
  const hasDwelt = state.hasDwelt || (zone.dwellMs !== undefined && insideMs >= zone.dwellMs);
  const hasVisited = state.hasVisited || hasDwelt || zone.dwellMs === undefined;
  if (membership === before && hasDwelt === state.hasDwelt) return state;
  return { membership, stay, hasDwelt, hasVisited };
}

/** What has happened between two states, as an event's reasons; a dwell is told once in each stay. */
export function zoneHappenings(before: ZoneState, after: ZoneState, { name }: Zone): string[] {
  const happenings: string[] = [];
  if (after.membership.inside && !before.membership.inside) happenings.push(`zone-enter:${name}`);
  if (after.hasDwelt && !before.hasDwelt) happenings.push(`dwell:${name}`);
  if (before.membership.inside && !after.membership.inside) happenings.push(`zone-leave:${name}`);
  return happenings;
}

function enter(stay: Stay | undefined, zone: string, at: number): Stay {
  return { zone, since: at, beforeMs: stay?.beforeMs ?? 0 };
}

function leave(stay: Stay | undefined, at: number): Stay | undefined {
  return stay?.since === undefined
    ? stay
    : { ...stay, since: undefined, beforeMs: stay.beforeMs + at - stay.since };
}
