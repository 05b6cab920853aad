import { area, type Box, intersection } from '../../../src/core/box.ts';
import type { Detection } from '../../../src/core/detection.ts';
import type { Seen } from '../measures/judged.ts';
import { type Random, seeded } from './random.ts';

/** One object of a scene and its way. */
export interface Actor {
  readonly label: string;
  /** Seconds from the start, and the box then, in 0..1; straight and even in between, absent before and after. */
  readonly way: readonly (readonly [seconds: number, box: Box])[];
}

/** What happens, and how well the detector sees it. */
export interface Script {
  readonly actors: readonly Actor[];
  /** ms from the start, rising. */
  readonly times: readonly number[];
  /** Stand before everything: pillars, parked lorries. */
  readonly covers?: readonly Box[];
  /** Mean score of an object in full view. @default 0.65 */
  readonly score?: number;
  /** Share of objects in full view that a frame misses. @default 0.05 */
  readonly miss?: number;
  /** Standard deviation of each side of a box, in its size. @default 0.03 */
  readonly jitter?: number;
  /** False boxes a frame. @default 0.1 */
  readonly falseBoxes?: number;
  /** Labels that the detector confuses, with the share of boxes that get another of them. */
  readonly flicker?: { readonly labels: readonly string[]; readonly share: number };
  /** Light at a time in seconds, 0..1: scales scores; what falls under 0.1 is not seen. @default 1 */
  readonly light?: (seconds: number) => number;
}

/** One frame: what is there, and what the detector says. */
export interface SceneFrame {
  /** ms since the epoch. */
  readonly at: number;
  /** What can be seen of at least a quarter. */
  readonly truth: readonly Seen[];
  readonly detections: readonly Detection[];
}

/** Below it the detector says nothing; that of `falconet`'s. */
const FLOOR = 0.1;
/** Least visible share of what is asked for, and of what can be detected. */
const VISIBLE = 0.25;
/** Frames of a scene come at this time: 2026-11-24T08:00:00Z. */
const START = 1_795_507_200_000;

/** Plays a script: the same frames for the same seed. */
export function play(script: Script, seed: number): SceneFrame[] {
  const random = seeded(seed);
  return script.times.map((ms) => {
    const seconds = ms / 1000;
    const present = script.actors.flatMap((actor, i) => {
      const box = boxAt(actor, seconds);
      return box === undefined ? [] : [{ id: i + 1, label: actor.label, box }];
    });
    const light = script.light?.(seconds) ?? 1;
    const seen = present
      .map((object) => ({
        ...object,
        visible: visibleShare(object.box, coversOf(object.box, present, script)),
      }))
      .filter(({ visible }) => visible >= VISIBLE && light > 0);
    const detections = [
      ...seen.flatMap((object) => detect(object, object.visible, light, script, random)),
      ...falseBoxes(script, random),
    ];
    return { at: START + ms, truth: seen.map(({ id, box }) => ({ id, box })), detections };
  });
}

/** Every `everyMs` for some seconds. */
export function steady(seconds: number, everyMs = 200): number[] {
  return Array.from({ length: Math.ceil((seconds * 1000) / everyMs) }, (_, i) => i * everyMs);
}

function boxAt({ way }: Actor, seconds: number): Box | undefined {
  for (let i = 1; i < way.length; i++) {
    const [[t0, from], [t1, to]] = [way[i - 1], way[i]] as [Actor['way'][number], Actor['way'][number]];
    if (seconds < t0 || seconds >= t1) continue;
    const share = (seconds - t0) / (t1 - t0);
    const side = (axis: 0 | 1 | 2 | 3) => from[axis] + (to[axis] - from[axis]) * share;
    return clip([side(0), side(1), side(2), side(3)]);
  }
  return undefined;
}

/** What hides a box: covers, and objects whose feet are nearer. */
function coversOf(box: Box, present: readonly { readonly box: Box }[], { covers = [] }: Script): Box[] {
  const nearer = present.map((other) => other.box).filter((other) => other[1] + other[3] > box[1] + box[3]);
  return [...covers, ...nearer];
}

/** Share of a box that nothing covers, on a grid of 6 × 6 points. */
function visibleShare(box: Box, covers: readonly Box[]): number {
  const points = Array.from({ length: 36 }, (_, i): Box => {
    return [
      box[0] + ((i % 6) + 0.5) * (box[2] / 6),
      box[1] + (Math.floor(i / 6) + 0.5) * (box[3] / 6),
      1e-9,
      1e-9,
    ];
  });
  return (
    points.filter((point) => !covers.some((cover) => intersection(point, cover) > 0)).length / points.length
  );
}

/** None or one detection; hidden parts cost score, and make boxes worse. */
function detect(
  object: { readonly label: string; readonly box: Box },
  visible: number,
  light: number,
  script: Script,
  random: Random,
): Detection[] {
  const { score: mean = 0.65, miss = 0.05, jitter = 0.03, flicker } = script;
  const score = Math.min(0.99, light * mean * (0.3 + 0.7 * visible) + 0.08 * random.normal());
  const isMissed = random.chance(miss + (1 - miss) * (1 - visible) ** 2);
  const shake = jitter * (1 + 2 * (1 - visible));
  const [x, y, width, height] = object.box;
  const box = clip([
    x + width * shake * random.normal(),
    y + height * shake * random.normal(),
    width * Math.exp(shake * random.normal()),
    height * Math.exp(shake * random.normal()),
  ]);
  const label =
    flicker !== undefined && random.chance(flicker.share) ? pick(flicker.labels, random) : object.label;
  return isMissed || score < FLOOR || area(box) === 0 ? [] : [{ label, score, box }];
}

/** Boxes of nothing, most of them weak, anywhere. */
function falseBoxes({ falseBoxes: mean = 0.1, actors }: Script, random: Random): Detection[] {
  const boxes: Detection[] = [];
  for (let left = mean; left > 0; left--) {
    if (!random.chance(Math.min(1, left))) continue;
    const height = random.between(0.05, 0.4);
    const width = height * random.between(0.2, 1);
    boxes.push({
      label: pick(actors, random).label,
      score: Math.min(0.9, FLOOR - 0.12 * Math.log(1 - random.between(0, 1))),
      box: [random.between(0, 1 - width), random.between(0, 1 - height), width, height],
    });
  }
  return boxes;
}

function clip([x, y, width, height]: Box): Box {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return [left, top, Math.max(0, Math.min(1, x + width) - left), Math.max(0, Math.min(1, y + height) - top)];
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random.between(0, items.length))] as T;
}
