import { z } from 'zod';
import { file } from './text.ts';

export const data = z.strictObject({
  path: z
    .union([z.literal('off'), file])
    .default('falconet-data')
    .meta({
      title: 'Folder for what outlives the gateway; off leaves events without their end after a crash',
    }),
});
