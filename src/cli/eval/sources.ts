import { basename, join } from 'node:path';
import { FalconetError } from '../../core/error.ts';
import { asList, asText } from '../../eval/expect.ts';
import type { Faults } from '../../eval/faults.ts';
import { joinTruths, type NamedTruth } from '../../eval/join-truths.ts';
import { readCoco } from '../../eval/read-coco.ts';
import type { GroundTruth } from '../../eval/truth.ts';
import { readJson } from './read-json.ts';
import { readVocFolder } from './voc-folder.ts';

/** Where the pictures to judge by come from: exactly one of the three ways. */
export interface SourceOptions {
  /** Folders, each with `images/` and `annotations.json`. */
  readonly data?: readonly string[];
  /** Folder of the pictures that `annotations` speaks of. */
  readonly images?: string;
  readonly annotations?: string;
  /** Folder of a VOC. */
  readonly voc?: string;
  /** Which of its sets. */
  readonly set: string;
}

/** @throws USAGE unless one way is given, and in full. */
export async function readSources(
  options: SourceOptions,
  labels: readonly string[],
  faults: Faults,
): Promise<GroundTruth> {
  const { data, images, annotations, voc, set } = options;
  const coco = images ?? annotations;
  if ([data, coco, voc].filter((way) => way !== undefined).length !== 1) throw usage();
  if (voc !== undefined) return readVocFolder({ folder: voc, set, labels }, faults);
  const files =
    data?.map((folder) => ({ images: join(folder, 'images'), place: join(folder, 'annotations.json') })) ??
    (images !== undefined && annotations !== undefined ? [{ images, place: annotations }] : []);
  const truths: NamedTruth[] = [];
  for (const { images: folder, place } of files) {
    const json = await readJson(place);
    truths.push({ place, ...readCoco({ json, place, images: folder, labels }, faults) });
  }
  const [first, ...others] = truths;
  if (first === undefined) throw usage();
  return joinTruths([first, ...others]);
}

/** Those whose file name is in a JSON list of names; each name without a picture is a fault. */
export async function onlyNamed(truth: GroundTruth, list: string, faults: Faults): Promise<GroundTruth> {
  const names = new Set(
    asList(await readJson(list), list).map((name, index) => asText(name, `${list}: [${index}]`)),
  );
  const truths = truth.truths.filter(({ file }) => names.has(basename(file)));
  const met = new Set(truths.map(({ file }) => basename(file)));
  for (const name of names) if (!met.has(name)) faults.add('name-unknown', name);
  return { ...truth, truths };
}

function usage(): FalconetError {
  return new FalconetError('USAGE', 'expected pictures to judge by', {
    hint: 'Give --data FOLDER..., or --images FOLDER with --annotations FILE, or --voc FOLDER',
  });
}
