import { area } from '../core/box.ts';
import { objectsOf, overlap } from './overlap.ts';
import type { Judged, Standing } from './truth.ts';

export const OBJECT_SIZES = ['all', 'small', 'medium', 'large'] as const;
export type ObjectSize = (typeof OBJECT_SIZES)[number];

/** What COCO says of one label, or of the mean over labels, at objects of one size. */
export interface CocoFigures {
  /** How many objects count. */
  readonly objects: number;
  /** Mean over ten IoUs, 0.5 to 0.95, in 0..1. Undefined, as both below, where no object counts. */
  readonly ap: number | undefined;
  /** At IoU 0.5. */
  readonly ap50: number | undefined;
  /** At IoU 0.75. */
  readonly ap75: number | undefined;
}

/** Square pixels, both ends included (`Params.setDetParams` of pycocotools/cocoeval.py, as all constants here). */
const AREAS: Readonly<Record<ObjectSize, readonly [least: number, most: number]>> = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
};
/** As numpy's linspace computes them: a box that shares exactly so much must fall on the same side. */
const IOUS = Array.from({ length: 10 }, (_, index) => 0.5 + index * ((0.95 - 0.5) / 9));
const RECALLS = Array.from({ length: 101 }, (_, index) => index * 0.01);
/** Of a picture and label, the best by score. */
const MOST_FOUND = 100;

/**
 * Average precision of one label by COCO's rule, for objects of each size: `COCOeval` of pycocotools with iouType
 * bbox, to its order of ties. Objects of another size and difficult ones neither count nor cost, once each; crowds
 * as often as they are found; pictures in which the label is not exhaustive are left out.
 */
export function cocoFigures(judged: readonly Judged[], label: string): Record<ObjectSize, CocoFigures> {
  const scenes = judged
    .filter(({ truth }) => truth.exhaustive.has(label))
    .map((one) => sceneOf(one, label))
    .filter(({ objects, found }) => objects.length + found.length > 0);
  // Ranked once: they are judged forty times.
  const found = scenes.flatMap((scene) => scene.found).sort((a, b) => b.score - a.score);
  for (const [rank, one] of found.entries()) one.rank = rank;
  const figures = OBJECT_SIZES.map((size) => [size, figuresOf(scenes, found.length, AREAS[size])] as const);
  return Object.fromEntries(figures) as Record<ObjectSize, CocoFigures>;
}

/** One picture as one label sees it. */
interface Scene {
  readonly objects: readonly { readonly area: number; readonly standing: Standing }[];
  /** Best score first. */
  readonly found: readonly Candidate[];
}

interface Candidate {
  readonly score: number;
  readonly area: number;
  /** With each of the scene's objects. */
  readonly overlaps: readonly number[];
  /** Among the candidates of all scenes, best score first. */
  rank: number;
}

/** What becomes of a candidate; NEITHER counts nor costs. */
const NEITHER = 0;
const HIT = 1;
const MISS = 2;

function sceneOf({ truth, found }: Judged, label: string): Scene {
  const objects = objectsOf(truth, label);
  const best = found
    .filter((one) => one.label === label)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_FOUND);
  return {
    objects,
    found: best.map(({ score, box }) => ({
      score,
      area: area(box),
      overlaps: objects.map((object) => overlap(box, object)),
      rank: 0,
    })),
  };
}

function figuresOf(
  scenes: readonly Scene[],
  candidates: number,
  range: readonly [least: number, most: number],
): CocoFigures {
  const isWithin = (value: number): boolean => value >= range[0] && value <= range[1];
  const counts = scenes.map(({ objects }) =>
    objects.map((one) => one.standing === 'object' && isWithin(one.area)),
  );
  const objects = counts.flat().filter(Boolean).length;
  if (objects === 0) return { objects, ap: undefined, ap50: undefined, ap75: undefined };
  const precisions = IOUS.map((least) => {
    const verdicts = new Uint8Array(candidates).fill(NEITHER);
    for (const [index, scene] of scenes.entries()) {
      judgeScene(scene, { counts: counts[index] as boolean[], least, isWithin }, verdicts);
    }
    return interpolated(verdicts, objects);
  });
  const ap = precisions.reduce((sum, one) => sum + one, 0) / precisions.length;
  return { objects, ap, ap50: precisions[0], ap75: precisions[5] };
}

interface Rule {
  /** Of each object of the scene. */
  readonly counts: readonly boolean[];
  /** IoU from which a candidate is of an object. */
  readonly least: number;
  /** Whether a candidate that found nothing is of the size that is judged. */
  readonly isWithin: (area: number) => boolean;
}

/** Writes the verdict on each candidate of a scene to its rank. */
function judgeScene(
  { objects, found }: Scene,
  { counts, least, isWithin }: Rule,
  verdicts: Uint8Array,
): void {
  const taken = objects.map(() => false);
  const isFree = (index: number): boolean => !taken[index] || objects[index]?.standing === 'crowd';
  for (const { area, overlaps, rank } of found) {
    const best = (wanted: boolean): number =>
      nearest(overlaps, least, (index) => counts[index] === wanted && isFree(index));
    const hit = best(true);
    const match = hit >= 0 ? hit : best(false);
    if (match >= 0) taken[match] = true;
    if (hit >= 0) verdicts[rank] = HIT;
    else if (match < 0 && isWithin(area)) verdicts[rank] = MISS;
  }
}

/** Index of the largest overlap from `least` on, of equal ones the last; -1 where there is none. */
function nearest(overlaps: readonly number[], least: number, isWanted: (index: number) => boolean): number {
  let most = least;
  let found = -1;
  for (const [index, shared] of overlaps.entries()) {
    if (shared < most || !isWanted(index)) continue;
    most = shared;
    found = index;
  }
  return found;
}

/**
 * Mean over 101 recalls of the best precision at each or a greater one.
 *
 * @param verdicts - by rank.
 */
function interpolated(verdicts: Uint8Array, objects: number): number {
  let hits = 0;
  let misses = 0;
  const points: { recall: number; precision: number }[] = [];
  for (const verdict of verdicts) {
    if (verdict === NEITHER) continue;
    if (verdict === HIT) hits++;
    else misses++;
    points.push({ recall: hits / objects, precision: hits / (hits + misses) });
  }
  let best = 0;
  let sum = 0;
  let recall = RECALLS.length - 1;
  for (const point of points.reverse()) {
    for (; recall >= 0 && (RECALLS[recall] as number) > point.recall; recall--) sum += best;
    best = Math.max(best, point.precision);
  }
  return (sum + (recall + 1) * best) / RECALLS.length;
}
