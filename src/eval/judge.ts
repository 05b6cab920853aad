import { type CocoFigures, cocoFigures, OBJECT_SIZES, type ObjectSize } from './coco-rule.ts';
import type { Judged } from './truth.ts';
import { type VocFigures, vocFigures } from './voc-rule.ts';

export interface LabelFigures {
  readonly label: string;
  readonly voc: VocFigures;
  readonly coco: Readonly<Record<ObjectSize, CocoFigures>>;
}

/** How good a detector is on some pictures; means are over the labels of which an object counts. */
export interface Figures {
  readonly pictures: number;
  /** How many objects count. */
  readonly objects: number;
  /** VOC's area under the curve, 0..1. Undefined, as all means, where no object counts. */
  readonly ap50: number | undefined;
  /** VOC's mean over eleven recalls, 0..1. */
  readonly ap50ElevenPoint: number | undefined;
  readonly coco: Readonly<Record<ObjectSize, CocoFigures>>;
  /** In the order asked for. */
  readonly labels: readonly LabelFigures[];
}

/** Judges what a detector found by VOC's rules and by COCO's. */
export function judge(judged: readonly Judged[], labels: readonly string[]): Figures {
  const each = labels.map((label) => ({
    label,
    voc: vocFigures(judged, label),
    coco: cocoFigures(judged, label),
  }));
  const means = OBJECT_SIZES.map((size) => [size, meanOf(each.map(({ coco }) => coco[size]))] as const);
  return {
    pictures: judged.length,
    objects: each.reduce((sum, { voc }) => sum + voc.objects, 0),
    ap50: mean(each.map(({ voc }) => voc.area)),
    ap50ElevenPoint: mean(each.map(({ voc }) => voc.elevenPoint)),
    coco: Object.fromEntries(means) as Record<ObjectSize, CocoFigures>,
    labels: each,
  };
}

function meanOf(figures: readonly CocoFigures[]): CocoFigures {
  return {
    objects: figures.reduce((sum, { objects }) => sum + objects, 0),
    ap: mean(figures.map(({ ap }) => ap)),
    ap50: mean(figures.map(({ ap50 }) => ap50)),
    ap75: mean(figures.map(({ ap75 }) => ap75)),
  };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
