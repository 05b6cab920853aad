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
  const scenes = judged.filter(({ truth }) => truth.exhaustive.has(label)).map((one) => sceneOf(one, label));
  const figures = OBJECT_SIZES.map((size) => [size, figuresOf(scenes, AREAS[size])] as const);
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
}

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
    })),
  };
}

function figuresOf(scenes: readonly Scene[], range: readonly [number, number]): CocoFigures {
  const isWithin = (value: number): boolean => value >= range[0] && value <= range[1];
  const sized = scenes.map((scene) => ({
    scene,
    counts: scene.objects.map((one) => one.standing === 'object' && isWithin(one.area)),
  }));
  const objects = sized.flatMap(({ counts }) => counts).filter(Boolean).length;
  if (objects === 0) return { objects, ap: undefined, ap50: undefined, ap75: undefined };
  const precisions = IOUS.map((least) => {
    const verdicts = sized.flatMap(({ scene, counts }) => judgeScene(scene, counts, least, isWithin));
    return interpolated(verdicts, objects);
  });
  const ap = precisions.reduce((sum, one) => sum + one, 0) / precisions.length;
  return { objects, ap, ap50: precisions[0], ap75: precisions[5] };
}

interface Verdict {
  readonly score: number;
  readonly isHit: boolean;
}

/** Of the detections that count or cost, best score first. */
function judgeScene(
  { objects, found }: Scene,
  counts: readonly boolean[],
  least: number,
  isWithin: (area: number) => boolean,
): Verdict[] {
  const taken = objects.map(() => false);
  const isFree = (index: number): boolean => !taken[index] || objects[index]?.standing === 'crowd';
  return found.flatMap(({ score, area, overlaps }) => {
    const best = (wanted: boolean): number =>
      nearest(overlaps, least, (index) => counts[index] === wanted && isFree(index));
    const hit = best(true);
    if (hit >= 0) {
      taken[hit] = true;
      return { score, isHit: true };
    }
    const excused = best(false);
    if (excused >= 0) taken[excused] = true;
    return excused >= 0 || !isWithin(area) ? [] : { score, isHit: false };
  });
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

/** Mean over 101 recalls of the best precision at each or a greater one. */
function interpolated(verdicts: Verdict[], objects: number): number {
  let right = 0;
  const points = verdicts
    .sort((a, b) => b.score - a.score)
    .map(({ isHit }, index) => {
      right += isHit ? 1 : 0;
      return { recall: right / objects, precision: right / (index + 1) };
    });
  let best = 0;
  let sum = 0;
  let recall = RECALLS.length - 1;
  for (const point of points.reverse()) {
    for (; recall >= 0 && (RECALLS[recall] as number) > point.recall; recall--) sum += best;
    best = Math.max(best, point.precision);
  }
  return (sum + (recall + 1) * best) / RECALLS.length;
}
