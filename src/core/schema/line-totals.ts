import { z } from 'zod';

const count = z.int().min(0);

/** How many objects have crossed each line of a camera, by line and label: kept over restarts. */
export const lineTotalsSchema = z.record(
  z.string().min(1),
  z.record(z.string().min(1), z.strictObject({ in: count, out: count })),
);
