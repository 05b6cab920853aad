import { z } from 'zod';

const key = z.string().regex(/^[a-z0-9_-]{1,40}$/);
const label = z.string().min(1);
const labels = z.array(label);
const time = z.iso.datetime({ precision: 3 }).meta({ description: 'UTC, with milliseconds' });
const text = z.string().min(1);
const amount = z.number().min(0);

/** `<base>/bridge/state`. */
export const bridgeStateSchema = z
  .strictObject({
    state: z
      .enum(['online', 'offline'])
      .meta({ description: 'offline also by the last will, when the gateway vanishes' }),
  })
  .meta({ $id: 'falconet/bridge-state/1', title: 'State of a gateway' });

const place = z.strictObject({
  labels: labels.meta({ description: 'What is counted there from the start' }),
});

const cameraInfo = z.strictObject({
  labels: labels.meta({ description: 'Objects that can make events' }),
  any_label: z
    .boolean()
    .meta({ description: 'The configuration names no labels: they are all of the model' }),
  zones: z.record(
    key,
    place.extend({ crowd: z.boolean().meta({ description: 'It has a rule for crowds' }) }),
  ),
  lines: z.record(key, place),
  motion: z.boolean().meta({ description: 'Whether anything moves is told' }),
  recorded: z.boolean().meta({ description: 'The configuration wants it recorded' }),
  switches: z
    .strictObject({ enabled: z.boolean(), detect: z.boolean(), record: z.boolean().optional() })
    .meta({ description: 'As they are in force; record only where the camera is recorded' }),
  thresholds: z
    .record(label, z.number().min(0).max(1))
    .meta({ description: 'Least median score for an event, of each label that the configuration names' }),
  overridden: z.array(text).meta({
    description:
      'What was switched from outside and wins over the configuration, such as detect or threshold/person',
  }),
});

/** `<base>/bridge/info`. */
export const bridgeInfoSchema = z
  .strictObject({
    schema: z.literal('falconet/bridge-info/1'),
    version: text,
    gateway: key,
    instance: text.meta({ description: 'Differs with each start of the process' }),
    started: time,
    model: z.strictObject({ name: text, sha256: z.string().regex(/^[0-9a-f]{64}$/), labels }),
    engine: z.strictObject({ name: text, version: z.string() }),
    log_level: z.enum(['debug', 'info', 'warn', 'error']),
    cameras: z.record(key, cameraInfo),
    configuration: z.record(z.string(), z.unknown()).meta({
      description: 'As it was read, defaults filled in, secrets as ***; config.schema.json describes it',
    }),
  })
  .meta({ $id: 'falconet/bridge-info/1', title: 'What a gateway is' });

/** `<base>/bridge/health`. */
export const bridgeHealthSchema = z
  .strictObject({
    schema: z.literal('falconet/bridge-health/1'),
    time,
    uptime_s: amount,
    load: z
      .tuple([amount, amount, amount])
      .meta({ description: 'Of the machine, over 1, 5 and 15 minutes; 0 on Windows' }),
    cpus: z.int().min(1),
    memory: z.strictObject({
      process_mb: amount.meta({ description: "Resident, of the gateway's own process without its children" }),
      heap_mb: amount,
      free_mb: amount.meta({ description: 'Of the machine' }),
      total_mb: amount,
    }),
    sinks: z
      .array(
        z.strictObject({
          name: text,
          waiting: z.int().min(0),
          dropped: z.int().min(0).meta({ description: 'Given up: too many waited, or for too long' }),
          failed: z.int().min(0).meta({ description: 'That the sink could not write' }),
        }),
      )
      .meta({ description: 'Events on their way to each, and lost since it was opened' }),
    cameras: z.record(
      key,
      z.strictObject({
        state: text,
        reason: text,
        fps: amount.meta({ description: 'Frames looked at, a second' }),
        frames: z.strictObject({
          came: z.int().min(0),
          looked: z.int().min(0),
          dropped: z.record(z.string(), z.int().min(0)),
        }),
      }),
    ),
  })
  .meta({ $id: 'falconet/bridge-health/1', title: 'How a gateway is doing' });

/** `<base>/bridge/logging`. */
export const logLineSchema = z
  .strictObject({
    time,
    level: z.enum(['info', 'warn', 'error']),
    message: text,
    facts: z.record(z.string(), z.unknown()),
    untold: z.int().min(1).optional().meta({ description: 'Lines before it that were too many to be told' }),
  })
  .meta({ $id: 'falconet/log-line/1', title: 'A line of the log' });

export type LogLine = z.infer<typeof logLineSchema>;
export type BridgeInfo = z.infer<typeof bridgeInfoSchema>;
export type CameraInfo = BridgeInfo['cameras'][string];
export type BridgeHealth = z.infer<typeof bridgeHealthSchema>;
