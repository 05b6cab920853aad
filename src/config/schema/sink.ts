import { z } from 'zod';
import { textOf } from './text.ts';

export const sink = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('mqtt').meta({ title: 'Events, pictures and states on the broker' }) }),
  z.strictObject({
    type: z.literal('file').meta({ title: 'Events as lines of a file' }),
    path: textOf(
      /^(?:[^%]|%[YmdHMSz%])+$/s,
      'a path with no placeholders but %Y %m %d %H %M %S %z, and %% for a percent sign',
    ).meta({ title: 'File, named by the time of the event', examples: ['events/%Y-%m-%d.jsonl'] }),
    format: z
      .enum(['jsonl', 'csv'])
      .default('jsonl')
      .meta({ title: 'JSON Lines with all of an event, or CSV for a table' }),
    images: z
      .boolean()
      .default(false)
      .meta({ title: "Keep each event's picture in images/ beside the file" }),
    max_mb: z
      .number()
      .min(0.001)
      .max(1_000_000)
      .optional()
      .meta({ title: 'Most megabytes of one file; one that is full gets a number', examples: [100] }),
    gzip: z.boolean().default(false).meta({ title: 'Compress files that are written no more' }),
    keep_days: z
      .number()
      .min(0.01)
      .max(36_500)
      .optional()
      .meta({ title: 'Days after which a file or picture goes; without it none does', examples: [90] }),
    keep_gb: z
      .number()
      .min(0.001)
      .max(100_000)
      .optional()
      .meta({
        title: 'Most gigabytes of all its files and pictures, the oldest go first; without it no limit',
        examples: [5],
      }),
    fsync: z
      .enum(['never', 'always'])
      .default('never')
      .meta({ title: 'Whether each event has to be on the disk, so that it outlives a power cut' }),
  }),
]);
