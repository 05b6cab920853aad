import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { type Random, seeded } from '../../test/tracker/scenes/random.ts';
import { type Actor, play, type Script } from '../../test/tracker/scenes/scene.ts';

export interface DayFrame {
  /** ms since the epoch, rising. */
  readonly at: number;
  readonly detections: readonly Detection[];
}

export interface DayOptions {
  readonly hours: number;
  readonly seed: number;
}

/** Frames looked at, a second. */
const FPS = 5;
/** The day is played in pieces of so long, so that it need not be in memory. */
const PIECE_S = 300;
const HOUR_S = 3_600;
const FIRST_HOUR = 8;
/** Where cars park, the size that they have there, and how far the next place is. */
const BAYS = { x: 0.08, y: 0.3, width: 0.16, height: 0.12, step: 0.22, count: 4 };

/**
 * What a detector says of a yard from hour to hour, from eight in the morning on, the same for the same seed: people,
 * dogs and bicycles pass, cars come, stand for minutes to hours in one of four places, behind who walks there, and
 * leave. Boxes tremble, are missed and false, cars are taken for buses; light and with it scores sink in the evening
 * and twice an hour for a moment.
 */
export function* yard({ hours, seed }: DayOptions): Generator<DayFrame> {
  const random = seeded(seed);
  const actors = [...passers(hours, random), ...cars(hours, random)];
  for (let from = 0; from < hours * HOUR_S; from += PIECE_S) {
    const present = actors.filter(({ way }) => {
      return (way[0]?.[0] ?? 0) < from + PIECE_S && (way.at(-1)?.[0] ?? 0) > from;
    });
    const script: Script = {
      // False boxes take the labels of who is there.
      actors: [...present, { label: 'person', way: [] }],
      times: Array.from({ length: PIECE_S * FPS }, (_, i) => from * 1_000 + (i * 1_000) / FPS),
      miss: 0.08,
      jitter: 0.04,
      falseBoxes: 0.15,
      flicker: { labels: ['car', 'bus', 'person'], share: 0.03 },
      light,
    };
    yield* play(script, seed + from);
  }
}

/** Full at noon, little at midnight, and for 20 s of each half hour a cloud or a lamp that fails. */
function light(seconds: number): number {
  const hour = hourAt(seconds);
  const byDay = 0.75 - 0.25 * Math.cos((2 * Math.PI * hour) / 24);
  return seconds % 1_800 < 20 ? byDay / 3 : byDay;
}

function hourAt(seconds: number): number {
  return (FIRST_HOUR + seconds / HOUR_S) % 24;
}

/** Few in the night, most in the afternoon. */
function passers(hours: number, random: Random): Actor[] {
  const actors: Actor[] = [];
  for (let at = 0; at < hours * HOUR_S; ) {
    const anHour = hourAt(at) < 6 ? 4 : 40;
    at += (-Math.log(1 - random.between(0, 1)) * HOUR_S) / anHour;
    actors.push(passer(at, random));
  }
  return actors;
}

/** From one edge to the other; one in three stops on the way, as at a door. */
function passer(at: number, random: Random): Actor {
  const kind = random.between(0, 1);
  const [label, height, shape] =
    kind < 0.75 ? ['person', 0.32, 0.3] : kind < 0.9 ? ['dog', 0.12, 1.2] : ['bicycle', 0.2, 1.1];
  const width = (height as number) * (shape as number);
  const y = random.between(0.2, 0.95 - (height as number));
  const box = (x: number): Box => [x, y, width, height as number];
  const [first, last] = random.chance(0.5) ? [0, 1 - width] : [1 - width, 0];
  const seconds = random.between(6, 25);
  const middle = random.between(0.3, 0.6);
  const stop = random.chance(1 / 3) ? random.between(5, 90) : 0;
  return {
    label: label as string,
    way: [
      [at, box(first)],
      [at + seconds / 2, box(middle)],
      [at + seconds / 2 + stop, box(middle)],
      [at + seconds + stop, box(last)],
    ],
  };
}

/** One after the other in each place, which is empty for some minutes in between. */
function cars(hours: number, random: Random): Actor[] {
  return Array.from({ length: BAYS.count }, (_, bay) => {
    const actors: Actor[] = [];
    for (let at = random.between(0, 1_800); at < hours * HOUR_S; ) {
      const left = at + random.between(600, 5 * HOUR_S);
      actors.push(car(bay, at, left));
      at = left + random.between(60, HOUR_S);
    }
    return actors;
  }).flat();
}

function car(bay: number, comes: number, leaves: number): Actor {
  const { x, y, width, height, step } = BAYS;
  const box = (left: number, top: number): Box => [left, top, width, height];
  const place = box(x + bay * step, y);
  const gate = box(1 - width, 0.8);
  return {
    label: 'car',
    way: [
      [comes, gate],
      [comes + 6, place],
      [leaves, place],
      [leaves + 6, gate],
    ],
  };
}
