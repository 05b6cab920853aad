import { FalconetError } from '../core/error.ts';
import type { GroundTruth } from './truth.ts';

export interface NamedTruth extends GroundTruth {
  /** Path of the annotations, for messages. */
  readonly place: string;
}

/**
 * The pictures of several files of annotations as those of one. A file alone keeps its ids; those of several would
 * collide, so their pictures are numbered anew, from 1, in the order given.
 *
 * @throws ANNOTATIONS_INVALID when two files do not give the same numbers to the same categories.
 */
export function joinTruths([first, ...others]: readonly [NamedTruth, ...NamedTruth[]]): GroundTruth {
  if (others.length === 0) return first;
  const categories = asText(first);
  const odd = others.find((one) => asText(one) !== categories);
  if (odd !== undefined) {
    throw new FalconetError(
      'ANNOTATIONS_INVALID',
      `${odd.place}: expected the categories of ${first.place}, got others`,
      { hint: 'Judge by these files one at a time, or give both the same categories' },
    );
  }
  const truths = [first, ...others].flatMap((one) => one.truths);
  return { categories: first.categories, truths: truths.map((one, index) => ({ ...one, id: index + 1 })) };
}

function asText({ categories }: GroundTruth): string {
  return categories
    .map(({ id, label }) => `${id} ${label}`)
    .sort()
    .join('\n');
}
