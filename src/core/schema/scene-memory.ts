import { z } from 'zod';

const unit = z.number().min(0).max(1);
const box = z.tuple([unit, unit, unit, unit]);
/** ms since the epoch. */
const time = z.number();

/** What a camera's tracker knows of objects that stand still: kept over restarts, so that they are no news again. */
export const sceneMemorySchema = z.strictObject({
  schema: z.literal('falconet/scene-memory/1'),
  /** Numbers from here on were never given to a track. */
  nextId: z.int().min(1),
  places: z.array(
    z.strictObject({
      id: z.int().min(1),
      /** Sum of scores by label. */
      votes: z.array(z.tuple([z.string().min(1), z.number().min(0)])).min(1),
      /** As it was seen last. */
      box,
      /** Where it came to rest. */
      anchor: z.strictObject({ box, at: time }),
      score: z.strictObject({ best: unit, median: unit }),
      firstSeen: time,
      lastSeen: time,
    }),
  ),
});

export type SceneMemory = z.infer<typeof sceneMemorySchema>;
