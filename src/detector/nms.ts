import { iou } from '../core/box.ts';
import type { Detection } from '../core/detection.ts';

/**
 * Greedy non-maximum suppression per label (SSD, arXiv 1512.02325, section 3): keeps the best-scoring box and
 * drops every box of its label whose IoU with it is above `threshold`. Ties keep input order, so equal inputs
 * give equal outputs.
 *
 * @param detections - any order, any labels; not changed.
 * @param threshold - IoU in 0..1 above which a box is a duplicate.
 * @param limit - most boxes kept over all labels; the paper keeps 200.
 * @returns survivors, best score first.
 */
export function nms(detections: readonly Detection[], threshold: number, limit = 200): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === limit) break;
    const isDuplicate = kept.some(
      (better) => better.label === candidate.label && iou(better.box, candidate.box) > threshold,
    );
    if (!isDuplicate) kept.push(candidate);
  }
  return kept;
}
