import { area } from '../core/box.ts';
import type { Track } from '../core/track.ts';
import type { LabelRule } from './options.ts';

/** A track, and all that its checks need to know. */
export interface Candidate {
  readonly track: Track;
  /** Undefined where nobody asks for its label. */
  readonly asked: LabelRule | undefined;
  /** Width of its box by its height, in pixels. */
  readonly aspect: number;
  readonly isMasked: boolean;
  /** Whether it has been in a zone, for its dwell where that has one. */
  hasVisited(zone: string): boolean;
  readonly isScheduled: boolean;
  /** ms in which no other `new` of its label may follow the last one. */
  readonly cooldownLeftMs: number;
}

/** One condition for an event. */
export interface Check {
  /** In a word, as in `Verdict.rule`. */
  readonly rule: string;
  passes(candidate: Candidate): boolean;
  /** What was found, and what was asked for. */
  why(candidate: Candidate): string;
}

/** Whether it is an object that the camera is to count: once it was, it stays one. */
export const OBJECT_CHECKS: readonly Check[] = [
  {
    rule: 'confirmed',
    passes: ({ track }) => track.confirmed,
    why: ({ track }) => (track.confirmed ? 'seen in enough frames' : 'not seen in enough frames yet'),
  },
  {
    rule: 'label',
    passes: ({ asked }) => asked !== undefined,
    why: ({ track, asked }) => `${track.label} is ${asked === undefined ? 'not ' : ''}asked for`,
  },
  {
    rule: 'score',
    passes: ({ track, asked }) => track.score.median >= (asked?.score ?? 0),
    why: ({ track, asked }) => `median score ${digits(track.score.median)}, asked for ${asked?.score ?? 0}`,
  },
  {
    rule: 'area',
    passes: ({ track, asked }) => isWithin(area(track.box), asked?.minArea, asked?.maxArea),
    why: ({ track, asked }) => `area ${digits(area(track.box))}, ${range(asked?.minArea, asked?.maxArea)}`,
  },
  {
    rule: 'aspect',
    passes: ({ aspect, asked }) => isWithin(aspect, asked?.minAspect, asked?.maxAspect),
    why: ({ aspect, asked }) =>
      `width by height ${digits(aspect)}, ${range(asked?.minAspect, asked?.maxAspect)}`,
  },
  {
    rule: 'speed',
    passes: ({ track, asked }) => isWithin(speed(track), undefined, asked?.maxSpeed),
    why: ({ track, asked }) => `speed ${digits(speed(track))}, ${range(undefined, asked?.maxSpeed)}`,
  },
  {
    rule: 'mask',
    passes: ({ isMasked }) => !isMasked,
    why: ({ isMasked }) => (isMasked ? 'stands in a masked area' : 'stands in no masked area'),
  },
];

/** Whether an object becomes an event: once it was one, it stays one. */
export const EVENT_CHECKS: readonly Check[] = [
  {
    rule: 'zones',
    passes: ({ asked, hasVisited }) => asked?.zones?.some(hasVisited) ?? true,
    why: ({ asked, hasVisited }) => {
      if (asked?.zones === undefined) return 'asked for anywhere';
      const visited = asked.zones.filter(hasVisited);
      return `has been in ${visited.length > 0 ? visited.join(', ') : `none of ${asked.zones.join(', ')}`}`;
    },
  },
  {
    rule: 'schedule',
    passes: ({ isScheduled }) => isScheduled,
    why: ({ isScheduled }) => `${isScheduled ? 'within' : 'outside'} its schedule`,
  },
  {
    rule: 'cooldown',
    passes: ({ cooldownLeftMs }) => cooldownLeftMs === 0,
    why: ({ cooldownLeftMs }) =>
      cooldownLeftMs === 0
        ? 'no cooldown under way'
        : `${Math.ceil(cooldownLeftMs / 1000)} s of cooldown left`,
  },
];

function isWithin(value: number, least = 0, most = Number.POSITIVE_INFINITY): boolean {
  return value >= least && value <= most;
}

function speed({ velocity }: Track): number {
  return Math.max(Math.abs(velocity[0]), Math.abs(velocity[1]));
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function range(least = 0, most = Number.POSITIVE_INFINITY): string {
  if (most === Number.POSITIVE_INFINITY) return `asked for ${least} at least`;
  return `asked for ${least === 0 ? '' : `${least} to `}${most} at most`;
}
