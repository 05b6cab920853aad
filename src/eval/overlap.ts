import { area, intersection, iou } from '../core/box.ts';
import type { PixelBox, Truth, TruthObject } from './truth.ts';

/**
 * How much of an object a box has found, in [0, 1]: IoU; of a crowd the share of the box that lies in it, for a
 * crowd holds many (COCO's `bbIou` in cocoapi/common/maskApi.c).
 */
export function overlap(
  box: PixelBox,
  { box: truth, standing }: Pick<TruthObject, 'box' | 'standing'>,
): number {
  if (standing !== 'crowd') return iou(box, truth);
  const shared = intersection(box, truth);
  return shared === 0 ? 0 : shared / area(box);
}

/** A picture's objects of a label; regions to ignore are crowds of every label. */
export function objectsOf(truth: Truth, label: string): TruthObject[] {
  const regions = truth.ignore.map(
    (box): TruthObject => ({ label, box, area: area(box), standing: 'crowd' }),
  );
  return [...truth.objects.filter((one) => one.label === label), ...regions];
}
