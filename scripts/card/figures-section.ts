import { OBJECT_SIZES, type ObjectSize } from '../../src/eval/coco-rule.ts';
import type { Figures, LabelFigures } from '../../src/eval/judge.ts';
import { markdownTable, ofOne } from './markdown-table.ts';

/** What one form of a model is worth. */
export interface FormFigures {
  readonly name: string;
  /** On all pictures. */
  readonly all: Figures;
  /** On those of one source. */
  readonly part: Figures;
}

const SIZE_NAMES: Readonly<Record<ObjectSize, string>> = {
  all: 'all',
  small: 'up to 32 x 32 pixels',
  medium: 'between',
  large: 'from 96 x 96 on',
};

/** What forms of a model are worth on pictures that training saw too: too good, but many enough to compare. */
export interface SeenFigures {
  readonly pictures: number;
  readonly forms: readonly { readonly name: string; readonly ap50: number | undefined }[];
}

export interface FiguresSectionOptions {
  /** The first is the one that sizes and classes are told of. */
  readonly forms: readonly [FormFigures, ...FormFigures[]];
  /** Of the second column, such as `coco`. */
  readonly partName: string;
  /** @default nothing is said of them */
  readonly seen?: SeenFigures | undefined;
}

/** The section "Figures" of a model's card: each form, then by size of objects and by class. */
export function figuresSection({ forms, partName, seen }: FiguresSectionOptions): string {
  const [first, ...others] = forms;
  const { pictures, objects } = first.all;
  return [
    `On ${pictures} pictures with ${objects} objects that were held out of training. AP50 is the mean over classes of the area`,
    "under precision over recall at IoU 0.5 (VOC's rule since 2010), 11-point is VOC 2007's, AP .50:.95 is COCO's.",
    '',
    markdownTable(
      ['', 'AP50', '11-point', 'AP .50:.95', `AP50 of the ${first.part.pictures} from ${partName}`],
      [first, ...others].map(({ name, all, part }) => [
        name,
        ...[all.ap50, all.ap50ElevenPoint, all.coco.all.ap, part.ap50].map(ofOne),
      ]),
    ),
    ...(seen === undefined ? [] : ['', seenSentence(seen)]),
    '',
    `By the size of objects (${first.name}, COCO's rule):`,
    '',
    markdownTable(
      ['objects', 'how many', 'AP50', 'AP .50:.95'],
      OBJECT_SIZES.map((size) => {
        const { objects, ap50, ap } = first.all.coco[size];
        return [SIZE_NAMES[size], String(objects), ofOne(ap50), ofOne(ap)];
      }),
    ),
    '',
    'By class; of few objects, a figure says little:',
    '',
    markdownTable(
      [
        'class',
        'objects',
        ...[first, ...others].map(({ name }) => `AP50, ${name}`),
        `AP .50:.95, ${first.name}`,
      ],
      first.all.labels.map(({ label, voc, coco }, index) => [
        ...[label, String(voc.objects)],
        ...[first, ...others].map(({ all }) => ofOne((all.labels[index] as LabelFigures).voc.area)),
        ofOne(coco.all.ap),
      ]),
    ),
    '',
    '`node scripts/write-figures.ts --data FOLDER... --only NAMES.json` writes this section.',
  ].join('\n');
}

function seenSentence({ pictures, forms }: SeenFigures): string {
  const each = forms.map(({ name, ap50 }) => `${name} has ${ofOne(ap50)}`).join(', ');
  return `So few pictures tell no differences of .01 between forms. On all ${pictures} of the folders, most of them seen in training, ${each}.`;
}
