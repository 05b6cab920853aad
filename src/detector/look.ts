import type { Detection, Square } from '../core/detection.ts';
import { decode, type SsdMeaning } from './decode.ts';
import type { Engine } from './engines/engine.ts';
import type { BatchJob } from './messages.ts';
import { joinSquares, toPicture, withoutCut } from './squares.ts';

/**
 * Detections of each job of a batch, best score first, boxes in 0..1 of the job's picture.
 *
 * @param pixels - RGB24 of the jobs, one after the other without a gap.
 */
export async function lookAtBatch(
  engine: Engine,
  meaning: SsdMeaning,
  jobs: readonly BatchJob[],
  pixels: Uint8Array,
): Promise<Detection[][]> {
  const detections: Detection[][] = [];
  let offset = 0;
  for (const job of jobs) {
    const end = offset + job.width * job.height * 3;
    detections.push(await lookAtJob(engine, meaning, job, pixels.subarray(offset, end)));
    offset = end;
  }
  return detections;
}

async function lookAtJob(
  engine: Engine,
  meaning: SsdMeaning,
  job: BatchJob,
  pixels: Uint8Array,
): Promise<Detection[]> {
  const ofSquares: Detection[][] = [];
  for (const square of job.squares) ofSquares.push(await lookAtSquare(engine, meaning, job, pixels, square));
  return joinSquares(ofSquares, meaning.nmsIou);
}

async function lookAtSquare(
  engine: Engine,
  meaning: SsdMeaning,
  job: BatchJob,
  pixels: Uint8Array,
  square: Square,
): Promise<Detection[]> {
  const output = await engine.run(pixels, job.width, job.height, square);
  return toPicture(withoutCut(decode(output, meaning), square, job), square, job);
}
