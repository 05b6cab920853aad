import { asList, asNumber, asObject, asPixelBox } from './expect.ts';
import type { Faults } from './faults.ts';
import type { Found, GroundTruth, Judged, PixelBox } from './truth.ts';

/** One detection in COCO's form of results (https://cocodataset.org, "Results format"). */
export interface CocoResult {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: PixelBox;
  readonly score: number;
}

/**
 * What a detector found in each picture, by the picture's id, from results in COCO's form.
 *
 * @param json - parsed JSON.
 * @param place - the file's path, for messages.
 * @param truth - all pictures that the results may speak of.
 * @throws ANNOTATIONS_INVALID with the place of the first field that is not what its name says.
 */
export function readResults(
  json: unknown,
  place: string,
  { categories, truths }: GroundTruth,
  faults: Faults,
): Map<number, Found[]> {
  const labels = new Map(categories.map(({ id, label }) => [id, label]));
  const found = new Map(truths.map(({ id }): [number, Found[]] => [id, []]));
  for (const [index, one] of asList(json, place).entries()) {
    const at = `${place}: [${index}]`;
    const { image_id, category_id, bbox, score } = asObject(one, at);
    const ofPicture = found.get(asNumber(image_id, `${at}.image_id`));
    const label = labels.get(asNumber(category_id, `${at}.category_id`));
    if (ofPicture === undefined) faults.add('result-no-picture', String(image_id));
    else if (label === undefined) faults.add('result-no-category', String(category_id));
    else
      ofPicture.push({ label, score: asNumber(score, `${at}.score`), box: asPixelBox(bbox, `${at}.bbox`) });
  }
  return found;
}

/** Results in COCO's form, of the labels that the annotations know; read again, they give the same figures. */
export function toResults(judged: readonly Judged[], { categories }: GroundTruth): CocoResult[] {
  const ids = new Map(categories.map(({ id, label }) => [label, id]));
  return judged.flatMap(({ truth, found }) =>
    found.flatMap(({ label, score, box }) => {
      const category = ids.get(label);
      return category === undefined ? [] : [{ image_id: truth.id, category_id: category, bbox: box, score }];
    }),
  );
}
