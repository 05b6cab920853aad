import { z } from 'zod';
import { file } from './text.ts';

export const data = z.strictObject({
  path: z
    .union([z.literal('off'), file])
    .default('falconet-data')
    .meta({
      title: 'Folder for what outlives the gateway; off leaves events without their end after a crash',
    }),
  clips_days: z.number().min(0.01).max(3_650).default(14).meta({ title: 'Days after which a clip goes' }),
  clips_gb: z
    .number()
    .min(0.01)
    .max(100_000)
    .default(10)
    .meta({ title: 'Most gigabytes of all clips; the oldest go first' }),
});
