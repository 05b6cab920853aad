import { z } from 'zod';

/** What decides which of a camera's pictures are looked at, and where in them closely. */
export const motion = z.strictObject({
  enabled: z.boolean().default(true).meta({
    title: 'Whether quiet pictures are skipped, but for one in 2 s; false looks at each picture as a whole',
  }),
  threshold: z
    .int()
    .min(4)
    .max(100)
    .default(12)
    .meta({ title: 'Grey levels of 255 that a place must change by; trees and noise raise their own' }),
  min_area: z
    .number()
    .min(0)
    .max(1)
    .default(0.0005)
    .meta({ title: 'Least share of the picture that must change in one place' }),
  max_squares: z.int().min(0).max(16).default(4).meta({
    title: 'Most squares of a picture looked at closely, round what moves; 0 for whole pictures only',
  }),
});
