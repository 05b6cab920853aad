import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { type GoldenClip, goldenFolder } from './golden.ts';

/** What a person saw in a clip; times in s since its first frame. */
export interface Truth {
  readonly objects: readonly SeenObject[];
  readonly crossings?: readonly SeenCrossing[];
}

export interface SeenObject {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** For people. */
  readonly what: string;
  /** It was there before, and is back in its place: an event of its own is right, and so is none. @default false */
  readonly again?: boolean;
}

export interface SeenCrossing {
  readonly line: string;
  readonly direction: 'in' | 'out';
  readonly at: number;
}

/** Events against a person's count. */
export interface Comparison {
  /** Objects that an event tells of, those that are there again apart. */
  readonly found: readonly SeenObject[];
  readonly foundAgain: readonly SeenObject[];
  readonly missed: readonly SeenObject[];
  /** Ids of events for which there is no object, or that are a second one of the same. */
  readonly extra: readonly string[];
  /** By line and direction, such as `way-out in`. */
  readonly crossings: Readonly<Record<string, CountedCrossings>>;
}

export interface CountedCrossings {
  readonly seen: number;
  readonly counted: number;
  /** Longest time between one that was seen and its count, s; undefined where the numbers differ. */
  readonly apartS: number | undefined;
}

/** One event's life, s since the clip's first frame. */
interface Life {
  readonly id: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export function truthOf(clip: GoldenClip): Truth {
  return parse(readFileSync(join(goldenFolder(clip), 'truth.yaml'), 'utf8')) as Truth;
}

/**
 * Gives each object the event of its label whose time is most like its own, the best pair first and what is there again
 * last; an event is given once.
 *
 * @param events - of a replay whose start is 0.
 */
export function compare(events: readonly FalconetEvent[], { objects, crossings = [] }: Truth): Comparison {
  const lives = events.filter(({ type }) => type === 'end').map(lifeOf);
  const pairs = objects
    .flatMap((object) => lives.map((life) => ({ object, life, likeness: sharedTime(object, life) })))
    .filter(({ likeness }) => likeness > 0)
    .sort(
      (a, b) => Number(a.object.again ?? false) - Number(b.object.again ?? false) || b.likeness - a.likeness,
    );
  const found = new Map<SeenObject, Life>();
  const given = new Set<Life>();
  for (const { object, life } of pairs) {
    if (found.has(object) || given.has(life)) continue;
    found.set(object, life);
    given.add(life);
  }
  return {
    found: objects.filter((object) => !object.again && found.has(object)),
    foundAgain: objects.filter((object) => object.again && found.has(object)),
    missed: objects.filter((object) => !object.again && !found.has(object)),
    extra: lives.filter((life) => !given.has(life)).map(({ id }) => id),
    crossings: tally(crossings, events),
  };
}

function lifeOf({ id, label, start, end, time }: FalconetEvent): Life {
  return { id, label, from: Date.parse(start) / 1_000, to: Date.parse(end ?? time) / 1_000 };
}

/** Intersection over union of their times, 0 for different labels. */
function sharedTime(object: SeenObject, life: Life): number {
  const shared = Math.min(object.to, life.to) - Math.max(object.from, life.from);
  if (object.label !== life.label || shared <= 0) return 0;
  return shared / (Math.max(object.to, life.to) - Math.min(object.from, life.from));
}

function tally(seen: readonly SeenCrossing[], events: readonly FalconetEvent[]): Comparison['crossings'] {
  const wanted = timesByLine(seen.map(({ line, direction, at }) => [`${line} ${direction}`, at]));
  const counted = timesByLine(
    events
      .filter(({ type }) => type === 'end')
      .flatMap(({ lines }) => lines)
      .map(({ name, direction, time }) => [`${name} ${direction}`, Date.parse(time) / 1_000]),
  );
  const all = new Set([...wanted.keys(), ...counted.keys()]);
  return Object.fromEntries(
    [...all].map((key) => [key, held(wanted.get(key) ?? [], counted.get(key) ?? [])]),
  );
}

function held(seen: readonly number[], counted: readonly number[]): CountedCrossings {
  const gaps = seen.map((at, i) => Math.abs(at - (counted[i] ?? Number.NaN)));
  const apartS = seen.length === counted.length ? Math.max(0, ...gaps) : undefined;
  return { seen: seen.length, counted: counted.length, apartS };
}

function timesByLine(crossings: readonly (readonly [line: string, at: number])[]): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const [line, at] of crossings)
    times.set(
      line,
      [...(times.get(line) ?? []), at].sort((a, b) => a - b),
    );
  return times;
}

/** A comparison as lines for people. */
export function comparisonText(clip: string, comparison: Comparison): string[] {
  const { found, foundAgain, missed, extra, crossings } = comparison;
  const all = found.length + missed.length;
  const what = missed.map((object) => `${object.what}, ${object.from} to ${object.to} s`).join('; ');
  return [
    `${clip.padEnd(8)} ${found.length} of ${all} objects have an event, ${extra.length} events too many`,
    ...foundAgain.map((object) => `         an event of its own: ${object.what}`),
    ...(missed.length === 0 ? [] : [`         missed: ${what}`]),
    ...(extra.length === 0 ? [] : [`         too many: ${extra.join(', ')}`]),
    ...Object.entries(crossings).map(
      ([line, { seen, counted, apartS }]) =>
        `         line ${line}: ${counted} counted, ${seen} seen` +
        (apartS === undefined ? '' : `, at most ${apartS.toFixed(1)} s apart`),
    ),
  ];
}
