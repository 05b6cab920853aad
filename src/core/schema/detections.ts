import { z } from 'zod';

const unit = z.number().min(0).max(1);
const count = z.int().min(0);
const size = z.int().min(1);

/** The first line of recorded detections: of which pictures they are, and who saw them. */
export const recordingHeadSchema = z.strictObject({
  schema: z.literal('falconet/detections/1'),
  frame: z.strictObject({ width: size, height: size }),
  model: z.strictObject({ name: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  engine: z.strictObject({ name: z.string().min(1), version: z.string() }),
  labels: z.array(z.string().min(1)),
});

/** Every other line: one frame that was looked at. */
export const recordedLookSchema = z.strictObject({
  seq: z.int().min(0),
  pts: z.number().min(0).meta({ description: 'ms since the first frame' }),
  squares: z
    .array(z.tuple([count, count, size, size]))
    .min(1)
    .optional()
    .meta({ description: 'What of it was looked at, x, y, width, height in pixels; without it, all' }),
  detections: z.array(
    z.strictObject({
      label: z.string().min(1),
      score: unit,
      box: z.tuple([unit, unit, unit, unit]).meta({ description: 'x, y, width, height in 0..1' }),
    }),
  ),
});

export type RecordingHead = z.infer<typeof recordingHeadSchema>;
export type RecordedLook = z.infer<typeof recordedLookSchema>;
