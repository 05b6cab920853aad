import { styleText } from 'node:util';
import { OBJECT_SIZES, type ObjectSize } from '../../eval/coco-rule.ts';
import type { Fault } from '../../eval/faults.ts';
import type { Figures } from '../../eval/judge.ts';

export interface EvalReport {
  /** What was judged: a model on an engine, or a file of detections. */
  readonly subject: EvalSubject;
  readonly figures: Figures;
  readonly faults: readonly Fault[];
}

export type EvalSubject =
  | { readonly model: string; readonly sha256: string; readonly engine: string }
  | { readonly detections: string };

const SIZE_NAMES: Readonly<Record<ObjectSize, string>> = {
  all: 'all sizes',
  small: 'small, up to 32x32 pixels',
  medium: 'medium',
  large: 'large, from 96x96 on',
};

/** One object, with `ap50` by VOC's area at its top; null where no object counts. */
export function evalJson({ subject, figures, faults }: EvalReport): object {
  const { pictures, objects, ap50, ap50ElevenPoint, coco, labels } = figures;
  return {
    ...subject,
    ...{ pictures, objects, ap50: ap50 ?? null, ap50_11_point: ap50ElevenPoint ?? null },
    coco: cocoJson(coco),
    classes: Object.fromEntries(
      labels.map(({ label, voc, coco: ofLabel }) => [
        label,
        {
          objects: voc.objects,
          ap50: voc.area ?? null,
          ap50_11_point: voc.elevenPoint ?? null,
          coco: cocoJson(ofLabel),
        },
      ]),
    ),
    faults,
  };
}

function cocoJson(coco: Figures['coco']): object {
  const ofSize = OBJECT_SIZES.map((size) => {
    const { objects, ap, ap50, ap75 } = coco[size];
    return [size, { objects, ap: ap ?? null, ap50: ap50 ?? null, ap75: ap75 ?? null }] as const;
  });
  const { all, ...sizes } = Object.fromEntries(ofSize) as Record<ObjectSize, object>;
  return { ...all, ...sizes };
}

/** A table by class and one by the size of objects; `-` where no object counts. */
export function evalText({ subject, figures }: EvalReport): string[] {
  const { pictures, objects, ap50, ap50ElevenPoint, coco, labels } = figures;
  const name = 'model' in subject ? `${subject.model} on ${subject.engine}` : subject.detections;
  const width = Math.max(...Object.values(SIZE_NAMES).map((text) => text.length)) + 2;
  const row = (first: string, ...others: readonly string[]): string =>
    `${first.padEnd(width)}${others.map((text) => text.padStart(12)).join('')}`;
  return [
    styleText('bold', `${name}: AP50 ${short(ap50)} on ${pictures} pictures, ${objects} objects`),
    '',
    row('by VOC, and by COCO', 'objects', 'AP50', '11-point', 'AP .50:.95'),
    ...labels.map(({ label, voc, coco: { all } }) =>
      row(label, String(voc.objects), short(voc.area), short(voc.elevenPoint), short(all.ap)),
    ),
    row('mean', String(objects), short(ap50), short(ap50ElevenPoint), short(coco.all.ap)),
    '',
    row('by COCO', 'objects', 'AP50', 'AP75', 'AP .50:.95'),
    ...OBJECT_SIZES.map((size) => {
      const one = coco[size];
      return row(SIZE_NAMES[size], String(one.objects), short(one.ap50), short(one.ap75), short(one.ap));
    }),
  ];
}

function short(figure: number | undefined): string {
  return figure?.toFixed(4) ?? '-';
}

/** A line for each kind of fault. */
export function faultText({ count, meaning, examples }: Fault): string {
  const more = count > examples.length ? ', …' : '';
  return `${meaning}: ${count} (${examples.join(', ')}${more})`;
}
