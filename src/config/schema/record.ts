import { z } from 'zod';

export const record = z
  .string()
  .min(1)
  .meta({
    title:
      'Where clips and full-size pictures come from, usually the main stream: a stream or file as in source, with the same login',
    examples: ['rtsp://10.0.0.5/main'],
  });

export const clips = z
  .strictObject({
    before: z.number().min(0).max(120).default(5).meta({ title: 'Seconds before the object was first seen' }),
    after: z.number().min(0).max(120).default(5).meta({ title: 'Seconds after it was last seen' }),
    longest: z
      .number()
      .min(5)
      .max(900)
      .default(60)
      .meta({ title: 'Seconds of a whole clip; of a longer event it has the beginning' }),
    ring_mb: z
      .int()
      .min(10)
      .max(100_000)
      .default(500)
      .meta({ title: 'Most megabytes of what is kept for clips to come' }),
  })
  .refine(({ before, longest }) => before < longest, {
    path: ['before'],
    error: ({ input }) => `expected less than longest, ${(input as { longest: number }).longest}`,
  });

/** Of a camera that is recorded and says nothing of its clips. */
export const CLIPS = clips.parse({});
