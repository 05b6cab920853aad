import type { Crossing } from '../core/judged.ts';
import type { Track } from '../core/track.ts';
import type { Remark } from '../core/verdict.ts';
import { type Candidate, type Check, EVENT_CHECKS, OBJECT_CHECKS } from './checks.ts';
import type { Rules } from './compile.ts';
import { type Cooldowns, cooldownLeft } from './cooldown.ts';
import { explainPlaces } from './explain.ts';
import { follow, type Trace } from './trace.ts';

/** What is known of one track. */
export interface Memory {
  readonly label: string;
  readonly trace: Trace;
  /** It has passed OBJECT_CHECKS: it is counted. */
  readonly isObject: boolean;
  /** It has passed EVENT_CHECKS too. */
  readonly isAdmitted: boolean;
  /** The rule that kept it from that when it was last seen. */
  readonly refusedBy: string;
  /** It was found again when it was first seen here: nobody is told of it, see `lifeStep`. */
  readonly isOldNews: boolean;
}

/** What a track is judged by, besides its memory. */
export interface Circumstances {
  /** Pixels of the frame. */
  readonly frame: { readonly width: number; readonly height: number };
  /** Its arrival, ms since the epoch. */
  readonly at: number;
  readonly cooldowns: Cooldowns;
  readonly rules: Rules;
  readonly explain: boolean;
}

/** What one frame makes of one track. */
export interface Outcome {
  readonly track: Track;
  readonly before: Memory;
  readonly after: Memory;
  /** In the words of an event's reasons. */
  readonly happenings: readonly string[];
  /** Empty unless it is to be explained. */
  readonly remarks: readonly Remark[];
}

const NOTHING = { happenings: [], remarks: [] };

/**
 * Follows a track and holds it against its checks, those of an event only once it is an object. A frame that does not
 * show it changes nothing, so an event begins with a frame that has its picture.
 */
export function trackStep(known: Memory | undefined, track: Track, circumstances: Circumstances): Outcome {
  const { rules, at, explain } = circumstances;
  const before = known ?? newMemory(track, rules);
  if (track.ended) return { track, before, after: before, ...NOTHING };
  const [trace, happenings] = follow(before.trace, track, rules.places);
  if (trace === before.trace) return { track, before, after: { ...before, label: track.label }, ...NOTHING };
  const moved = { ...before, label: track.label, trace };
  const candidate = moved.isAdmitted ? undefined : candidateOf(track, moved, circumstances);
  const after = candidate === undefined ? moved : judge(moved, candidate);
  if (!explain) return { track, before, after, happenings, remarks: [] };
  const checks = candidate === undefined ? [] : explainChecks(moved, candidate);
  const remarks = [...checks, ...explainPlaces(trace, track.label, rules.places, at)];
  return { track, before, after, happenings, remarks };
}

/** Crossings that an object has made with this frame, or before it was one. */
export function newCrossings({ before, after }: Outcome): readonly Crossing[] {
  const { crossings } = after.trace;
  const known = before.isObject ? before.trace.crossings.length : 0;
  return after.isObject && crossings.length > known ? crossings.slice(known) : [];
}

function newMemory({ label, reacquired }: Track, { newTrace: trace }: Rules): Memory {
  return { label, trace, isObject: false, isAdmitted: false, refusedBy: 'confirmed', isOldNews: reacquired };
}

function candidateOf(track: Track, { trace }: Memory, circumstances: Circumstances): Candidate {
  const { frame, at, cooldowns, rules } = circumstances;
  const asked = rules.ask(track.label);
  const [, , width, height] = track.box;
  return {
    track,
    asked,
    aspect: (width * frame.width) / (height * frame.height),
    isMasked: trace.isMasked,
    hasVisited: (name) =>
      rules.places.zones.some((zone, i) => zone.name === name && trace.zones[i]?.hasVisited),
    isScheduled: asked?.isScheduled(at) ?? false,
    cooldownLeftMs: cooldownLeft(
      cooldowns,
      { label: track.label, stays: trace.stays, at },
      asked?.cooldownMs ?? 0,
    ),
  };
}

function judge(memory: Memory, candidate: Candidate): Memory {
  const refusal = failedOf(memory.isObject ? [] : OBJECT_CHECKS, candidate);
  if (refusal !== undefined) return { ...memory, refusedBy: refusal };
  const later = failedOf(EVENT_CHECKS, candidate);
  return { ...memory, isObject: true, isAdmitted: later === undefined, refusedBy: later ?? '' };
}

function failedOf(checks: readonly Check[], candidate: Candidate): string | undefined {
  return checks.find((check) => !check.passes(candidate))?.rule;
}

/** The checks that were still open, up to the first that was not passed. */
function explainChecks(memory: Memory, candidate: Candidate): Remark[] {
  const open = memory.isObject ? EVENT_CHECKS : [...OBJECT_CHECKS, ...EVENT_CHECKS];
  const failed = open.findIndex((check) => !check.passes(candidate));
  return open
    .slice(0, failed === -1 ? open.length : failed + 1)
    .map((check, i) => ({ rule: check.rule, fired: i !== failed, why: check.why(candidate) }));
}
