import type { DetectionJob } from '../core/detection.ts';
import type { CheckedJob } from './engine-client.ts';
import { checkSquare } from './squares.ts';

/**
 * The jobs with their squares spelled out.
 *
 * @throws TypeError when the pixels are too few for the frame or a square leaves it.
 */
export function checkJobs(jobs: readonly DetectionJob[]): CheckedJob[] {
  return jobs.map(({ frame, squares }) => {
    const { width, height, data } = frame;
    const pixels = width * height * 3;
    if (!(pixels > 0 && Number.isInteger(width) && Number.isInteger(height))) {
      throw new TypeError(`expected a frame with whole sides above 0, got ${width} x ${height}`);
    }
    if (data.length < pixels) {
      throw new TypeError(
        `expected pixels of length ${pixels} (${width} x ${height} x 3), got ${data.length}`,
      );
    }
    const whole = { x: 0, y: 0, width, height };
    for (const square of squares ?? []) checkSquare(square, frame);
    return { frame, squares: squares ?? [whole] };
  });
}
