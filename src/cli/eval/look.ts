import type { Detector } from '../../core/detection.ts';
import { FalconetError } from '../../core/error.ts';
import { annotatedGrid, toGrid } from '../../eval/annotated-grid.ts';
import type { Faults } from '../../eval/faults.ts';
import type { Judged, Truth } from '../../eval/truth.ts';
import { decodePicture } from '../../media/picture.ts';
import { storedOrientation } from '../../media/stored-orientation.ts';

export interface LookOptions {
  readonly detector: Pick<Detector, 'detect' | 'processes'>;
  readonly truths: readonly Truth[];
  readonly faults: Faults;
  /** Told how many pictures are done. */
  readonly onDone: (count: number) => void;
  readonly signal: AbortSignal;
}

/**
 * What a detector finds in each picture, in pixels of its annotations; pictures that cannot be read are left out and
 * counted among the faults.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function lookAtPictures(options: LookOptions): Promise<Judged[]> {
  const { detector, truths, onDone, signal } = options;
  const judged: (Judged | undefined)[] = truths.map(() => undefined);
  const waiting = truths.entries();
  let done = 0;
  const lane = async (): Promise<void> => {
    for (const [index, truth] of waiting) {
      signal.throwIfAborted();
      judged[index] = await lookAt(truth, options);
      onDone(++done);
    }
  };
  // A second picture for each process is decoded and travels while the first is looked at.
  await Promise.all(Array.from({ length: 2 * detector.processes }, lane));
  return judged.filter((one) => one !== undefined);
}

async function lookAt(truth: Truth, { detector, faults }: LookOptions): Promise<Judged | undefined> {
  try {
    const frame = await decodePicture(truth.file);
    const seen = { ...frame, orientation: await storedOrientation(truth.file) };
    const grid = annotatedGrid(truth.size, seen, faults, truth.file);
    const [detections = []] = await detector.detect([{ frame }]);
    return { truth, found: detections.map((one) => ({ ...one, box: toGrid(one.box, grid) })) };
  } catch (error) {
    if (!(error instanceof FalconetError && error.code === 'PICTURE_UNREADABLE')) throw error;
    faults.add('picture-unreadable', truth.file);
    return undefined;
  }
}
