import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box } from '../../src/core/box.ts';

/** An object that somebody drew a box round. */
export interface Annotated {
  readonly label: string;
  readonly box: Box;
  /** Neither counts when it is found nor costs when it is missed. */
  readonly ignored: boolean;
}

/** What is to be seen in one photograph. */
export interface Truth {
  /** Path of the picture. */
  readonly file: string;
  readonly objects: readonly Annotated[];
  /** Labels of which every object has its box; of another, an object without a box may be there. */
  readonly exhaustive: ReadonlySet<string>;
}

interface ImageEntry {
  readonly id: number;
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
  readonly exhaustive?: readonly number[];
  readonly ignore?: readonly PixelBox[];
}

interface AnnotationEntry {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: PixelBox;
  readonly iscrowd?: number;
  readonly difficult?: number;
}

interface AnnotationsFile {
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly images: readonly ImageEntry[];
  readonly annotations: readonly AnnotationEntry[];
}

type PixelBox = readonly [x: number, y: number, width: number, height: number];

/** What an image's `ignore` boxes, trucks mostly, may be taken for. */
const LIKE_A_TRUCK = ['bus', 'car'];
/** Share of the picture's side; a thinner box is a slip of the hand. */
const THINNEST = 0.004;

/**
 * The photographs of a folder with `images/` and `annotations.json` in COCO's form (https://cocodataset.org,
 * "Data format"), with two additions: an image's `exhaustive` lists the categories of which every object has
 * its box, and its `ignore` holds boxes that are neither object nor background.
 */
export function readAnnotations(folder: string): Truth[] {
  const file = JSON.parse(readFileSync(join(folder, 'annotations.json'), 'utf8')) as AnnotationsFile;
  const labels = new Map(file.categories.map(({ id, name }) => [id, name]));
  const labelOf = (id: number): string => labels.get(id) ?? `category ${id}`;
  const ofImage = Map.groupBy(file.annotations, (one) => one.image_id);
  return file.images.map((image) => ({
    file: join(folder, 'images', image.file_name),
    exhaustive: new Set((image.exhaustive ?? []).map(labelOf)),
    objects: [
      ...(ofImage.get(image.id) ?? []).map(({ category_id, bbox, iscrowd, difficult }) => ({
        label: labelOf(category_id),
        box: shareOf(bbox, image),
        ignored: Boolean(iscrowd || difficult),
      })),
      ...(image.ignore ?? []).flatMap((bbox) =>
        LIKE_A_TRUCK.map((label) => ({ label, box: shareOf(bbox, image), ignored: true })),
      ),
    ].filter(({ box: [, , width, height] }) => width >= THINNEST && height >= THINNEST),
  }));
}

/** In 0..1 of the picture, cut off at its edges. */
function shareOf([x, y, width, height]: PixelBox, image: ImageEntry): Box {
  const left = Math.max(0, x / image.width);
  const top = Math.max(0, y / image.height);
  const right = Math.min(1, (x + width) / image.width);
  const bottom = Math.min(1, (y + height) / image.height);
  return [left, top, right - left, bottom - top];
}
