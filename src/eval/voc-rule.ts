import { objectsOf, overlap } from './overlap.ts';
import type { Found, Judged, TruthObject } from './truth.ts';

/** One point of a curve of precision over recall, both 0..1. */
export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

/** What VOC says of one label. */
export interface VocFigures {
  /** How many objects count. */
  readonly objects: number;
  /** Area under the curve, 0..1: VOC from 2010 on. Undefined where no object counts. */
  readonly area: number | undefined;
  /** Mean over eleven recalls, 0..1: VOC until 2009, and the rule of published figures on VOC 2007. */
  readonly elevenPoint: number | undefined;
  /** After each detection that counts, best score first. */
  readonly curve: readonly CurvePoint[];
}

/** IoU from which a detection is of the object. */
const SAME_OBJECT = 0.5;

/**
 * Average precision of one label at IoU 0.5 by both of VOC's rules (Everingham et al., "The PASCAL Visual Object
 * Classes Challenge: A Retrospective", 2015, section 4.2.1; `VOCevaldet.m` of the kits of 2007 and 2010). Each
 * object is found once; a detection of a difficult object, or one within a crowd, neither counts nor costs;
 * pictures in which the label is not exhaustive are left out.
 */
export function vocFigures(judged: readonly Judged[], label: string): VocFigures {
  const scenes = judged
    .filter(({ truth }) => truth.exhaustive.has(label))
    .map(({ truth, found }) => ({
      objects: objectsOf(truth, label),
      found: found.filter((one) => one.label === label),
    }));
  const objects = scenes
    .flatMap((scene) => scene.objects)
    .filter(({ standing }) => standing === 'object').length;
  if (objects === 0) return { objects, area: undefined, elevenPoint: undefined, curve: [] };
  const curve = curveOf(hits(scenes), objects);
  return { objects, area: areaUnder(curve), elevenPoint: elevenPointMean(curve), curve };
}

interface Scene {
  readonly objects: readonly TruthObject[];
  readonly found: readonly Found[];
}

/** Of each detection that counts, best score first, whether it found an object. */
function hits(scenes: readonly Scene[]): boolean[] {
  const seen = new Set<TruthObject>();
  return scenes
    .flatMap(({ found, objects }) => found.map(({ score, box }) => ({ score, box, objects })))
    .sort((a, b) => b.score - a.score)
    .flatMap(({ box, objects }) => {
      const nearest = nearestTo(box, objects);
      if (nearest === undefined) return isInCrowd(box, objects) ? [] : [false];
      if (nearest.standing === 'difficult') return [];
      const isFirst = !seen.has(nearest);
      seen.add(nearest);
      return [isFirst];
    });
}

/** The one that the box overlaps most, seen before or not. */
function nearestTo(box: Found['box'], objects: readonly TruthObject[]): TruthObject | undefined {
  let most = SAME_OBJECT;
  let nearest: TruthObject | undefined;
  for (const object of objects) {
    if (object.standing === 'crowd') continue;
    const shared = overlap(box, object);
    if (shared < most || (shared === most && nearest !== undefined)) continue;
    most = shared;
    nearest = object;
  }
  return nearest;
}

function isInCrowd(box: Found['box'], objects: readonly TruthObject[]): boolean {
  return objects.some((object) => object.standing === 'crowd' && overlap(box, object) >= SAME_OBJECT);
}

function curveOf(isHit: readonly boolean[], objects: number): CurvePoint[] {
  let right = 0;
  return isHit.map((hit, index) => {
    right += hit ? 1 : 0;
    return { recall: right / objects, precision: right / (index + 1) };
  });
}

/** Of the curve made to fall: at each recall the best precision at it or a greater one. */
function areaUnder(curve: readonly CurvePoint[]): number {
  let best = 0;
  let sum = 0;
  for (const [index, { recall, precision }] of [...curve.entries()].reverse()) {
    best = Math.max(best, precision);
    sum += (recall - (curve[index - 1]?.recall ?? 0)) * best;
  }
  return sum;
}

/** At recalls 0, 0.1, ... 1. */
function elevenPointMean(curve: readonly CurvePoint[]): number {
  let sum = 0;
  for (let tenth = 0; tenth <= 10; tenth++) {
    sum += curve
      .filter(({ recall }) => recall >= tenth / 10)
      .reduce((best, { precision }) => Math.max(best, precision), 0);
  }
  return sum / 11;
}
