import { bottomCentre } from '../core/box.ts';
import type { Crossing, Stay } from '../core/judged.ts';
import type { Point } from '../core/polygon.ts';
import type { Track } from '../core/track.ts';
import {
  type Area,
  areaOf,
  isIn,
  type Look,
  type Membership,
  membershipStep,
  OUTSIDE,
  sizeOf,
} from './area.ts';
import { type Line, type LineState, lineOf, lineStep, UNSETTLED } from './line.ts';
import type { RulesOptions } from './options.ts';
import { NEVER_INSIDE, type Zone, type ZoneState, zoneHappenings, zoneOf, zoneStep } from './zone.ts';

/** The places of one camera's picture that objects are in or cross. */
export interface Places {
  readonly zones: readonly Zone[];
  readonly lines: readonly Line[];
  readonly masks: readonly Area[];
}

/** Where one object has been. */
export interface Trace {
  /** Newest sighting, ms since the epoch, and where that was; undefined before the first one. */
  readonly seen: { readonly at: number; readonly point: Point } | undefined;
  /** In the order of `Places`. */
  readonly zones: readonly ZoneState[];
  readonly lines: readonly LineState[];
  readonly masks: readonly Membership[];
  /** It stands in a masked area. */
  readonly isMasked: boolean;
  /** In the order of its first entries. */
  readonly stays: readonly Stay[];
  /** Oldest first. */
  readonly crossings: readonly Crossing[];
}

/** Looks in a row that take an object into a masked area, or out of it. */
const MASK_INERTIA = 3;

/** @throws RangeError for a line whose ends are the same. */
export function placesOf({ zones = {}, lines = {}, masks = [] }: RulesOptions): Places {
  return {
    zones: Object.entries(zones).map(([name, rule]) => zoneOf(name, rule)),
    lines: Object.entries(lines).map(([name, rule]) => lineOf(name, rule)),
    masks: masks.map(areaOf),
  };
}

export function newTrace({ zones, lines, masks }: Places): Trace {
  return {
    seen: undefined,
    zones: zones.map(() => NEVER_INSIDE),
    lines: lines.map(() => UNSETTLED),
    masks: masks.map(() => OUTSIDE),
    isMasked: false,
    stays: [],
    crossings: [],
  };
}

/**
 * Follows an object with one more sighting: into zones and out of them, over lines. A track that the newest frame does
 * not show, or a frame that comes twice or too late, changes nothing.
 *
 * @returns the same trace where nothing changes, and what has happened, as an event's reasons.
 */
export function follow(trace: Trace, track: Track, places: Places): [Trace, readonly string[]] {
  const { lastSeen: at, label, box } = track;
  if (trace.seen !== undefined && at <= trace.seen.at) return [trace, []];
  const point = bottomCentre(box);
  const look: Look = { point, before: trace.seen?.point ?? point, size: sizeOf(box), at };
  const happenings: string[] = [];
  let { stays, crossings } = trace;

  const zones = eachStep(trace.zones, (before, i) => {
    const zone = places.zones[i] as Zone;
    const after = zoneStep(before, zone, label, look);
    if (after.stay !== before.stay) stays = withStay(stays, after.stay);
    if (after !== before) happenings.push(...zoneHappenings(before, after, zone));
    return after;
  });
  const lines = eachStep(trace.lines, (before, i) => {
    const line = places.lines[i] as Line;
    const after = lineStep(before, line, look, label);
    const direction = after.counted.length > before.counted.length ? after.counted.at(-1) : undefined;
    if (direction !== undefined) {
      crossings = [...crossings, { line: line.name, direction, at }];
      happenings.push(`line:${line.name}:${direction}`);
    }
    return after;
  });
  const masks = eachStep(trace.masks, (before, i) =>
    membershipStep(before, places.masks[i] as Area, look, MASK_INERTIA),
  );
  const isMasked = masks.some(({ inside }) => inside) || places.masks.some((area) => isIn(area, point));
  return [{ seen: { at, point }, zones, lines, masks, isMasked, stays, crossings }, happenings];
}

/** Steps every state; the same array where none of them changes, which is nearly always. */
function eachStep<S>(states: readonly S[], step: (state: S, i: number) => S): readonly S[] {
  let next: S[] | undefined;
  for (let i = 0; i < states.length; i++) {
    const before = states[i] as S;
    const after = step(before, i);
    if (after === before) continue;
    next ??= [...states];
    next[i] = after;
  }
  return next ?? states;
}

/** The stays with one of them as it is now: in its place, or behind the others. */
function withStay(stays: readonly Stay[], stay: Stay | undefined): readonly Stay[] {
  if (stay === undefined) return stays;
  const at = stays.findIndex(({ zone }) => zone === stay.zone);
  return at < 0 ? [...stays, stay] : stays.with(at, stay);
}
