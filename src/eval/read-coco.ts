import { join } from 'node:path';
import { labelFor } from './class-names.ts';
import { asList, asNumber, asObject, asPixelBox, asText, invalid } from './expect.ts';
import type { Faults } from './faults.ts';
import { fitBox } from './fit-box.ts';
import type { Category, GroundTruth, PixelBox, Size, Standing, Truth, TruthObject } from './truth.ts';

export interface CocoFile {
  /** Parsed JSON. */
  readonly json: unknown;
  /** Its path, for messages. */
  readonly place: string;
  /** Folder that its file names are relative to. */
  readonly images: string;
  /** Names to use for classes that the file calls otherwise. */
  readonly labels: readonly string[];
}

/**
 * Annotations in COCO's form (https://cocodataset.org, "Data format", object detection), pictures in the order of
 * their ids, with three additions: an image's `exhaustive` lists the categories of which every object has its box
 * (all of the file's where it is absent), its `ignore` holds boxes that are neither object nor background, and an
 * annotation may be `difficult` as in VOC.
 *
 * @throws ANNOTATIONS_INVALID with the place of the first field that is not what its name says.
 */
export function readCoco({ json, place, images: folder, labels }: CocoFile, faults: Faults): GroundTruth {
  const root = asObject(json, place);
  const categories = asList(root['categories'], `${place}: categories`).map((one, index) =>
    readCategory(one, `${place}: categories[${index}]`, labels),
  );
  const labelOf = new Map(categories.map(({ id, label }) => [id, label]));
  const pictures = new Map<number, Picture>();
  for (const [index, one] of asList(root['images'], `${place}: images`).entries()) {
    const at = `${place}: images[${index}]`;
    const picture = readPicture(one, at, labelOf);
    if (pictures.has(picture.id)) throw invalid(`${at}.id`, 'each id once', picture.id);
    pictures.set(picture.id, picture);
  }
  for (const [index, one] of asList(root['annotations'], `${place}: annotations`).entries()) {
    const at = `${place}: annotations[${index}]`;
    const json = asObject(one, at);
    const picture = pictures.get(asNumber(json['image_id'], `${at}.image_id`));
    if (picture === undefined) faults.add('no-picture', at);
    else picture.objects.push(...readObject(json, at, { picture, labelOf, faults }));
  }
  const truths = [...pictures.values()]
    .sort((a, b) => a.id - b.id)
    .map(({ name, ...picture }): Truth => ({ ...picture, file: join(folder, name) }));
  return { categories, truths };
}

interface Picture extends Omit<Truth, 'file'> {
  readonly name: string;
  readonly objects: TruthObject[];
}

interface Context {
  readonly picture: Picture;
  readonly labelOf: ReadonlyMap<number, string>;
  readonly faults: Faults;
}

type Json = Readonly<Record<string, unknown>>;

function readCategory(value: unknown, place: string, labels: readonly string[]): Category {
  const { id, name } = asObject(value, place);
  return { id: asNumber(id, `${place}.id`), label: labelFor(asText(name, `${place}.name`), labels) };
}

function readPicture(value: unknown, place: string, labelOf: ReadonlyMap<number, string>): Picture {
  const { id, file_name, width, height, exhaustive, ignore } = asObject(value, place);
  const known = (exhaustive === undefined ? [...labelOf.keys()] : asList(exhaustive, `${place}.exhaustive`))
    .map((category) => labelOf.get(asNumber(category, `${place}.exhaustive`)))
    .filter((label) => label !== undefined);
  return {
    id: asNumber(id, `${place}.id`),
    name: asText(file_name, `${place}.file_name`),
    size: readSize(width, height, place),
    objects: [],
    ignore: asList(ignore ?? [], `${place}.ignore`).map((box) => asPixelBox(box, `${place}.ignore`)),
    exhaustive: new Set(known),
  };
}

/** Some tools write no size, or 0. */
function readSize(width: unknown, height: unknown, place: string): Size | undefined {
  const size = {
    width: asNumber(width ?? 0, `${place}.width`),
    height: asNumber(height ?? 0, `${place}.height`),
  };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

/** One object, or none where there is something wrong with it. */
function readObject(json: Json, place: string, { picture, labelOf, faults }: Context): TruthObject[] {
  const category = asNumber(json['category_id'], `${place}.category_id`);
  const label = labelOf.get(category);
  const drawn = asPixelBox(json['bbox'], `${place}.bbox`);
  if (label === undefined) {
    faults.add('no-category', `${category} in ${picture.name}`);
    return [];
  }
  const box = fitBox(drawn, picture.size, faults, picture.name);
  return box === undefined
    ? []
    : [{ label, box, area: areaOf(json, box, place), standing: standingOf(json) }];
}

/** An object's own where the file knows it, as COCO's segmentations do. */
function areaOf(json: Json, box: PixelBox, place: string): number {
  const area = json['area'];
  return area === undefined ? box[2] * box[3] : asNumber(area, `${place}.area`);
}

function standingOf(json: Json): Standing {
  if (json['iscrowd']) return 'crowd';
  return json['difficult'] ? 'difficult' : 'object';
}
