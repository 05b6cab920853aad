import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FalconetError } from '../../core/error.ts';
import { labelFor } from '../../eval/class-names.ts';
import type { Faults } from '../../eval/faults.ts';
import type { NamedTruth } from '../../eval/join-truths.ts';
import { readVoc, type VocAnnotation } from '../../eval/read-voc.ts';
import { readText } from './read-json.ts';

export interface VocFolder {
  /** Such as `VOCdevkit/VOC2007`: with `Annotations`, `JPEGImages` and, mostly, `ImageSets`. */
  readonly folder: string;
  /** Name of a list in `ImageSets/Main`, such as `test`. */
  readonly set: string;
  /** Names to use for classes that the annotations call otherwise. */
  readonly labels: readonly string[];
}

/** Open at a time: some thousands are read, and a process may have as few as 256 files open. */
const FILES_AT_ONCE = 64;

/**
 * The annotated pictures of a VOC folder, those of one of its sets; of a folder without sets, as annotation tools
 * write them, all. Every class that occurs is exhaustive. Pictures are numbered from 1 in the order of the set.
 *
 * @throws ANNOTATIONS_INVALID when the folder, its set or an annotation is missing or damaged.
 */
export async function readVocFolder({ folder, set, labels }: VocFolder, faults: Faults): Promise<NamedTruth> {
  const names = await namesIn(folder, set);
  const annotations: (VocAnnotation & { readonly name: string })[] = [];
  for (let start = 0; start < names.length; start += FILES_AT_ONCE) {
    const some = names.slice(start, start + FILES_AT_ONCE).map(async (name) => {
      const path = join(folder, 'Annotations', `${name}.xml`);
      return { name, ...readVoc(await readText(path), path, faults) };
    });
    annotations.push(...(await Promise.all(some)));
  }
  const truths = annotations.map(({ name, fileName, size, objects }, index) => ({
    id: index + 1,
    file: join(folder, 'JPEGImages', fileName ?? `${name}.jpg`),
    size,
    objects: objects.map((object) => ({ ...object, label: labelFor(object.label, labels) })),
    ignore: [],
  }));
  const known = new Set(truths.flatMap(({ objects }) => objects.map(({ label }) => label)));
  return {
    place: folder,
    categories: [...known].sort().map((label, index) => ({ id: index + 1, label })),
    truths: truths.map((truth) => ({ ...truth, exhaustive: known })),
  };
}

async function namesIn(folder: string, set: string): Promise<string[]> {
  const sets = await readdir(join(folder, 'ImageSets', 'Main')).catch(() => undefined);
  if (sets === undefined) return annotationNames(folder);
  if (!sets.includes(`${set}.txt`)) {
    const whole = sets.filter((name) => /^[a-z]+\.txt$/i.test(name)).map((name) => name.slice(0, -4));
    throw new FalconetError('ANNOTATIONS_INVALID', `${folder}: no set ${set} in ImageSets/Main`, {
      hint: `Give --set one of ${whole.join(', ')}`,
    });
  }
  const list = await readText(join(folder, 'ImageSets', 'Main', `${set}.txt`));
  // A set of one class has a second column: whether the class is in the picture.
  return list.split('\n').flatMap((line) => line.trim().split(/\s+/, 1).filter(Boolean));
}

async function annotationNames(folder: string): Promise<string[]> {
  const files = await readdir(join(folder, 'Annotations')).catch((cause: unknown) => {
    throw new FalconetError('ANNOTATIONS_INVALID', `${folder}: expected a folder Annotations in it`, {
      cause,
      hint: 'Give the folder of a VOC, such as VOCdevkit/VOC2007',
    });
  });
  return files
    .filter((name) => name.endsWith('.xml'))
    .map((name) => name.slice(0, -4))
    .sort();
}
