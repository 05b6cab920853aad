import fc from 'fast-check';
import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';

const side = fc.integer({ min: 1, max: 50 }).map((n) => n / 100);
const place = fc.integer({ min: 0, max: 50 }).map((n) => n / 100);

/** Within 0..1, with area. */
export const box: fc.Arbitrary<Box> = fc.tuple(place, place, side, side);

/** Few labels and coarse scores, so that overlaps and ties are common. */
export const detections: fc.Arbitrary<Detection[]> = fc.array(
  fc.record({
    label: fc.constantFrom('cat', 'dog', 'person'),
    score: fc.integer({ min: 10, max: 20 }).map((n) => n / 20),
    box,
  }),
  { maxLength: 30 },
);
