import type { Box } from '../../../src/core/box.ts';
import { type Random, seeded } from './random.ts';
import { type Actor, play, type SceneFrame, type Script, steady } from './scene.ts';

/** What a kind of scene is hard for, and how one is written. */
type Family = (random: Random) => Script;

/** Width of a box in its height, both in 0..1 of a picture of 16:9. */
const PERSON = 0.225;
const CAR = 1.6;

/** Kinds of scenes by name: what cameras of houses see, each with one thing that trackers stumble over. */
export const families: Readonly<Record<string, Family>> = {
  'people cross': (random) => ({
    actors: some(6, () => passer(random, 16)),
    times: steady(20),
  }),
  'behind pillars': (random) => ({
    actors: some(4, () => passer(random, 16)),
    covers: [0.25, 0.5, 0.75].map((x): Box => [x, 0, random.between(0.04, 0.08), 1]),
    times: steady(20),
  }),
  'missed boxes': (random) => ({
    actors: some(4, () => passer(random, 16)),
    times: steady(20),
    score: 0.4,
    miss: 0.35,
  }),
  'false boxes': (random) => ({
    actors: some(4, () => passer(random, 16)),
    times: steady(20),
    falseBoxes: 2.5,
  }),
  'trembling boxes': (random) => ({
    actors: some(4, () => passer(random, 16)),
    times: steady(20),
    jitter: 0.1,
  }),
  'uneven rate': (random) => ({
    actors: some(4, () => passer(random, 16)),
    times: unevenTimes(20, random),
  }),
  'gaps of 1 to 3 s': (random) => ({
    actors: some(3, () => passer(random, 26)),
    times: steady(30).filter((ms) => ms % 8000 < 5000 + random.between(-500, 500) || ms % 8000 > 7000),
  }),
  'one frame a second': (random) => ({
    actors: some(3, () => passer(random, 26)),
    times: steady(30, 1000),
  }),
  'turn and stop': (random) => ({
    actors: some(4, () => stroller(random, 30)),
    times: steady(30),
  }),
  'a crowd': (random) => ({
    actors: some(12, () => stroller(random, 20, 0.2)),
    times: steady(20),
    jitter: 0.05,
  }),
  'far end': (random) => ({
    actors: some(4, () => passer(random, 26, [0.04, 0.07])),
    times: steady(30),
    score: 0.4,
    miss: 0.3,
    jitter: 0.08,
  }),
  'fast cars': (random) => ({
    actors: some(5, () => driver(random, 20)),
    times: steady(20),
  }),
  'label flicker': (random) => ({
    actors: [...some(2, (i) => parked(i, 30)), ...some(3, () => driver(random, 30))],
    times: steady(30),
    flicker: { labels: ['car', 'bus', 'train'], share: 0.35 },
  }),
  'parked cars': (random) => ({
    actors: [...some(2, (i) => parked(i, 150)), ...some(4, () => passer(random, 140))],
    times: steady(150),
    light: twoDips(random),
  }),
};

/** One scene of a family; equal seeds give equal scenes. */
export function sceneOf(name: string, seed: number): SceneFrame[] {
  const random = seeded(seed);
  const family = families[name];
  if (family === undefined) throw new TypeError(`expected a family of scenes, got ${name}`);
  return play(family(random), seed);
}

/** Walks straight through the picture, in 5 to 10 s, either way. */
function passer(
  random: Random,
  untilSeconds: number,
  heights: readonly [number, number] = [0.2, 0.4],
): Actor {
  const height = random.between(...heights);
  const width = height * PERSON;
  const start = random.between(0, untilSeconds * 0.6);
  // 1.7 m of height at 1.1 to 1.8 m/s, in a picture of 16:9.
  const pace = height * random.between(0.65, 1.06) * (9 / 16);
  const end = Math.min(untilSeconds, start + 1 / pace);
  const way = pace * (end - start);
  const y = random.between(0.35, 0.9 - height);
  const slope = random.between(-0.08, 0.08);
  const from = random.between(0, 1 - Math.min(1, way));
  const boxes: [Box, Box] = [
    [from, y, width, height],
    [from + way, y + slope, width, height],
  ];
  if (random.chance(0.5)) boxes.reverse();
  return { label: 'person', way: [[start, boxes[0]] as const, [end, boxes[1]] as const] };
}

/** Walks from place to place with rests of 0 to 4 s, the whole time. */
function stroller(random: Random, seconds: number, height = 0.3): Actor {
  const spot = (): Box => [
    random.between(0.05, 0.85),
    random.between(0.2, 0.95 - height),
    height * PERSON,
    height,
  ];
  const way: [number, Box][] = [[0, spot()]];
  for (let at = 0; at < seconds; ) {
    const here = way.at(-1)?.[1] as Box;
    const there = spot();
    const length = Math.hypot((there[0] - here[0]) * (16 / 9), there[1] - here[1]);
    at += length / (height * random.between(0.65, 1.06));
    way.push([at, there]);
    at += random.between(0, 4);
    way.push([at, there]);
  }
  return { label: 'person', way };
}

/** Drives through at 6 to 12 m/s. */
function driver(random: Random, untilSeconds: number): Actor {
  const height = random.between(0.1, 0.18);
  const width = height * CAR;
  const start = random.between(0, untilSeconds * 0.8);
  const end = start + 1 / ((height / 1.5) * random.between(6, 12) * (9 / 16));
  const y = random.between(0.3, 0.7);
  const boxes: [Box, Box] = [
    [-width / 2, y, width, height],
    [1 - width / 2, y + random.between(-0.1, 0.1), width, height],
  ];
  if (random.chance(0.5)) boxes.reverse();
  return { label: 'car', way: [[start, boxes[0]] as const, [end, boxes[1]] as const] };
}

function parked(place: number, seconds: number): Actor {
  const box: Box = [0.12 + 0.5 * place, 0.45, 0.24, 0.15];
  return {
    label: 'car',
    way: [
      [0, box],
      [seconds, box],
    ],
  };
}

/** Full light but for half a minute of scores near the floor, and one of darkness. */
function twoDips(random: Random): NonNullable<Script['light']> {
  const dim = random.between(25, 40);
  const dark = random.between(75, 85);
  return (seconds) => {
    if (seconds > dim && seconds < dim + 30) return 0.25;
    return seconds > dark && seconds < dark + 60 ? 0 : 1;
  };
}

/** Waits of 40 to 1200 ms, short ones more often. */
function unevenTimes(seconds: number, random: Random): number[] {
  const times: number[] = [];
  for (let at = 0; at < seconds * 1000; at += 40 + 1160 * random.between(0, 1) ** 3)
    times.push(Math.round(at));
  return times;
}

function some<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
