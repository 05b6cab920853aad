import { area, intersection, iou } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';

/**
 * Greedy association: of all pairs with one label and an IoU of at least `minIou`, the best overlap is taken
 * first, then the best of what is left. Equal overlaps keep input order, so equal inputs give equal outputs.
 *
 * @param known - what is looked for again, each with the box it is expected in.
 * @returns per known object the index of its detection, or undefined where none is left for it.
 */
export function associate(
  known: readonly Pick<Detection, 'label' | 'box'>[],
  detections: readonly Detection[],
  minIou: number,
): (number | undefined)[] {
  const pairs = known.flatMap((object, k) =>
    detections.flatMap((detection, d) => {
      const overlap = object.label === detection.label ? iou(object.box, detection.box) : 0;
      return overlap > 0 && overlap >= minIou ? [{ k, d, overlap }] : [];
    }),
  );
  const chosen = new Array<number | undefined>(known.length).fill(undefined);
  const taken = new Set<number>();
  for (const { k, d } of pairs.sort((a, b) => b.overlap - a.overlap)) {
    if (chosen[k] !== undefined || taken.has(d)) continue;
    chosen[k] = d;
    taken.add(d);
  }
  return chosen;
}

/** Share of the smaller of two boxes that the other one covers, from which they are taken for one object. */
const MOSTLY = 0.6;

/** Whether two objects of one label lie mostly in each other: a person and the same person's legs. */
export function isPartOf(a: Pick<Detection, 'label' | 'box'>, b: Pick<Detection, 'label' | 'box'>): boolean {
  if (a.label !== b.label) return false;
  return intersection(a.box, b.box) > MOSTLY * Math.min(area(a.box), area(b.box));
}
