import { z } from 'zod';
import { EVENT_REASONS } from '../event-reasons.ts';

/** ISO 8601 in UTC with milliseconds, such as 2026-11-24T08:22:54.123Z. */
const time = z.iso.datetime({ precision: 3 }).meta({ description: 'UTC, with milliseconds' });
const unit = z.number().min(0).max(1);
const point = z.tuple([z.number(), z.number()]).meta({ description: 'x, y in 0..1 of the picture' });
const box = z
  .tuple([unit, unit, unit, unit])
  .meta({ description: 'x, y, width, height in 0..1 of the picture, origin top left' });
const key = z.string().regex(/^[a-z0-9_-]{1,40}$/);
const count = z.int().min(0);

/** The event of every sink: design, part 4. One object's life is one `new`, some `update`s and one `end`. */
export const eventSchema = z
  .strictObject({
    schema: z.literal('falconet/event/1'),
    id: z.string().min(1).meta({ description: "For the life of the object: camera, start, track's number" }),
    seq: count.meta({ description: '0 for new, one more with each message of this id' }),
    run: z.string().min(1).meta({ description: 'Changes with every start of the gateway' }),
    stream_seq: count.meta({
      description: "Counts the camera's events within a run, without a gap: a consumer can see a loss",
    }),
    type: z.enum(['new', 'update', 'end']),
    reason: z
      .array(z.string().min(1))
      .min(1)
      .meta({
        description: `Why this message was sent, one or several of ${EVENT_REASONS.join(', ')}; what the rules saw has its zone or line behind a colon, such as zone-enter:gate, line:kerb:in`,
      }),
    gateway: key,
    camera: key,
    time: time.meta({ description: 'Arrival of the frame it speaks of, UTC' }),
    start: time,
    end: time.nullable(),
    latency_ms: z.number().min(0).meta({ description: "From the frame's arrival to this event, ms" }),
    late_s: z.number().min(0).meta({ description: 'Published minus time, s' }),
    label: z.string().min(1),
    score: z.strictObject({ current: unit, best: unit, median: unit }),
    box,
    frame: z.strictObject({ width: z.int().min(1), height: z.int().min(1), seq: count }),
    track: z.strictObject({
      id: z.int().min(1),
      age_s: z.number().min(0),
      stationary: z.boolean(),
      velocity: point.meta({ description: 'Widths and heights of the picture per second' }),
      path: z.array(point).max(32),
      reacquired: z.boolean(),
    }),
    zones: z.strictObject({
      current: z.array(key),
      entered: z.array(key),
      dwell_s: z.record(key, z.number().min(0)),
    }),
    lines: z.array(z.strictObject({ name: key, direction: z.enum(['in', 'out']), time })),
    image: z
      .strictObject({
        ref: z.string().min(1).meta({ description: 'Name of the JPEG within the gateway' }),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        time,
        source: z.enum(['detect', 'record']),
        offset_ms: z.number(),
        box,
      })
      .nullable(),
    clip: z
      .strictObject({
        ref: z
          .string()
          .min(1)
          .meta({ description: "Name of the MP4 below clips/ in the gateway's data folder" }),
        start: time,
        end: time.nullable().meta({ description: 'null until the file is there' }),
        unmasked: z.boolean().meta({ description: 'It shows what the privacy mask of the camera hides' }),
      })
      .nullable(),
    model: z.strictObject({ name: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  })
  .meta({ $id: 'falconet/event/1', title: 'Falconet event' });

export type FalconetEvent = z.infer<typeof eventSchema>;
