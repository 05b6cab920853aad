import { z } from 'zod';
import { file } from './text.ts';

export const data = z.strictObject({
  path: z
    .union([z.literal('off'), file])
    .default('falconet-data')
    .meta({
      title: 'Folder for what outlives the gateway; off leaves events without their end after a crash',
    }),
  outbox_events: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .meta({ title: 'Most events that wait for a sink, in memory and on disk' }),
  outbox_mb: z
    .number()
    .min(1)
    .max(10_000)
    .default(64)
    .meta({ title: 'Most megabytes of them, pictures included' }),
  outbox_hours: z.number().min(0.01).max(8_760).default(24).meta({
    title: 'Longest that an event waits; with MQTT 5 also how long the broker keeps it for its readers',
  }),
  clips_days: z.number().min(0.01).max(3_650).default(14).meta({ title: 'Days after which a clip goes' }),
  clips_gb: z
    .number()
    .min(0.01)
    .max(100_000)
    .default(10)
    .meta({ title: 'Most gigabytes of all clips; the oldest go first' }),
  events_days: z
    .union([z.literal('off'), z.number().min(0.01).max(3_650)])
    .default(30)
    .meta({ title: 'Days after which an event goes from the event store; off keeps none' }),
  events_gb: z
    .number()
    .min(0.001)
    .max(100_000)
    .default(5)
    .meta({ title: 'Most gigabytes of the event store, pictures included; the oldest go first' }),
  events_reserve_gb: z.number().min(0).max(100_000).default(0.5).meta({
    title: 'Gigabytes of the disk that stay free: with less, a new event takes the place of the oldest',
  }),
});
