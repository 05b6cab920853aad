import { z } from 'zod';

/** What was switched from outside, of one camera: kept in the data folder, and wins over the configuration. */
export const switchesSchema = z.strictObject({
  enabled: z.boolean().optional(),
  detect: z.boolean().optional(),
  record: z.boolean().optional(),
  /** By label. */
  thresholds: z.record(z.string().min(1), z.number().min(0).max(1)).optional(),
});

export type Switches = z.infer<typeof switchesSchema>;
