import type { GroundTruth } from './truth.ts';

/**
 * Annotations in COCO's form with the additions that readCoco tells of, as they are judged by: boxes cut, what was
 * left out gone. `file_name` is the picture's path.
 */
export function toCoco({ categories, truths }: GroundTruth): object {
  const ids = new Map(categories.map(({ id, label }) => [label, id]));
  const annotations = truths.flatMap(({ id, objects }) =>
    objects.map(({ label, box, area, standing }) => ({
      image_id: id,
      category_id: ids.get(label),
      bbox: box,
      area,
      iscrowd: standing === 'crowd' ? 1 : 0,
      difficult: standing === 'difficult' ? 1 : 0,
    })),
  );
  return {
    categories: categories.map(({ id, label }) => ({ id, name: label })),
    images: truths.map(({ id, file, size, exhaustive, ignore }) => ({
      id,
      file_name: file,
      ...size,
      exhaustive: [...exhaustive].map((label) => ids.get(label)),
      ...(ignore.length > 0 && { ignore }),
    })),
    annotations: annotations.map((one, index) => ({ id: index + 1, ...one })),
  };
}
