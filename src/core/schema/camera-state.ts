import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 }).meta({ description: 'UTC, with milliseconds' });
const count = z.int().min(0);

/** `<base>/camera/<camera>/state`. */
export const cameraStateSchema = z
  .strictObject({
    state: z.enum(['connecting', 'online', 'stalled', 'offline', 'disabled']),
    reason: z.string().min(1).meta({ description: 'Why, in a word' }),
    since: time,
    fps: z.number().min(0).meta({ description: 'Frames looked at, a second, lately' }),
    frames: z.strictObject({
      came: count,
      looked: count,
      dropped: z.record(z.string(), count).meta({ description: 'By reason' }),
    }),
    health: z
      .partialRecord(z.enum(['dark', 'blurred', 'covered', 'shifted']), time)
      .meta({ description: 'What is wrong with the picture, and since when' }),
    refused: z
      .record(z.string(), count)
      .meta({ description: 'Objects that made no event, by the rule that kept them from it' }),
  })
  .meta({ $id: 'falconet/camera-state/1', title: 'State of a camera' });
