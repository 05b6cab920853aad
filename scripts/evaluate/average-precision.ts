import { iou } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Annotated, Truth } from './annotations.ts';

/** A photograph, and what a detector says of it. */
export interface Judged {
  readonly truth: Pick<Truth, 'objects' | 'exhaustive'>;
  readonly detections: readonly Detection[];
}

/** IoU from which a detection is of the object. */
const SAME_OBJECT = 0.5;

/**
 * Average precision of one label at IoU 0.5 by VOC's rule of 2010 and later (the area under the curve of
 * precision over recall, made to fall; Everingham et al., "The PASCAL VOC Challenge: A Retrospective", 2015,
 * section 4.2.1). Each object is found once; a detection of an ignored object neither counts nor costs;
 * photographs in which the label is not exhaustive are left out.
 *
 * @returns 0..1, or undefined where no object of the label counts.
 */
export function averagePrecision(judged: readonly Judged[], label: string): number | undefined {
  const known = judged.filter(({ truth }) => truth.exhaustive.has(label));
  const objects = known.flatMap(({ truth }) => truth.objects.filter((one) => one.label === label));
  const count = objects.filter(({ ignored }) => !ignored).length;
  return count === 0 ? undefined : areaUnderCurve(hits(known, label), count);
}

/** The mean over all labels of which at least one object counts, and each of them; NaN where there is none. */
export function meanAveragePrecision(
  judged: readonly Judged[],
  labels: readonly string[],
): { mean: number; ofLabel: ReadonlyMap<string, number> } {
  const ofLabel = new Map<string, number>();
  for (const label of labels) {
    const value = averagePrecision(judged, label);
    if (value !== undefined) ofLabel.set(label, value);
  }
  const sum = [...ofLabel.values()].reduce((total, value) => total + value, 0);
  return { mean: sum / ofLabel.size, ofLabel };
}

/** Of each detection that counts, best score first, whether it found an object. */
function hits(judged: readonly Judged[], label: string): boolean[] {
  const found = new Set<Annotated>();
  return judged
    .flatMap(({ truth, detections }) => {
      const objects = truth.objects.filter((one) => one.label === label);
      return detections
        .filter((one) => one.label === label)
        .map(({ score, box }) => ({ score, box, objects }));
    })
    .sort((a, b) => b.score - a.score)
    .flatMap(({ box, objects }) => {
      const [nearest] = objects
        .map((object) => ({ object, overlap: iou(box, object.box) }))
        .filter(({ overlap }) => overlap >= SAME_OBJECT)
        .sort((a, b) => b.overlap - a.overlap);
      if (nearest === undefined) return [false];
      if (nearest.object.ignored) return [];
      const isFirst = !found.has(nearest.object);
      found.add(nearest.object);
      return [isFirst];
    });
}

function areaUnderCurve(isHit: readonly boolean[], count: number): number {
  let right = 0;
  const points = isHit.map((hit, index) => {
    right += hit ? 1 : 0;
    return { recall: right / count, precision: right / (index + 1) };
  });
  // From the end: the best precision at this recall or a greater one.
  let best = 0;
  let area = 0;
  for (const [index, { recall, precision }] of [...points.entries()].reverse()) {
    best = Math.max(best, precision);
    area += (recall - (points[index - 1]?.recall ?? 0)) * best;
  }
  return area;
}
