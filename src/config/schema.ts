import { z } from 'zod';

/** Keys of cameras become topics and file names, so they are plain. */
const key = z.string().regex(/^[a-z0-9_-]{1,40}$/, 'expected 1 to 40 of a-z, 0-9, _ and -');
const score = z.number().min(0.1).max(1);
const secret = z.string().min(1).meta({ secret: true });

const mqtt = z.strictObject({
  url: z
    .string()
    .regex(/^mqtts?:\/\/./, 'expected a URL that starts with mqtt:// or mqtts://')
    .meta({ title: 'Broker', examples: ['mqtt://localhost:1883'] }),
  username: z.string().min(1).optional(),
  password: secret.optional(),
  base_topic: z
    .string()
    .regex(/^[^/#+\s][^#+\s]*(?<!\/)$/, 'expected a topic without #, +, blanks and outer slashes')
    .default('falconet')
    .meta({ title: 'Topics start here; one per gateway' }),
});

const model = z.strictObject({
  path: z.string().min(1).default('tiny-ssd').meta({ title: 'Name of a model in the package, or a folder' }),
  engine: z
    .enum(['auto', 'onnx', 'wasm', 'tfjs'])
    .default('auto')
    .meta({ title: 'What computes; auto takes the fastest that loads' }),
  processes: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .meta({ title: 'Engine processes of one thread each; auto is half the cores, at least 1' }),
});

const label = z.strictObject({
  score: score.default(0.4).meta({ title: 'Least median score of an object for an event' }),
  min_area: z.number().min(0).max(1).default(0).meta({ title: 'Least share of the picture' }),
});

const camera = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .meta({
        title: 'rtsp://, rtsps://, http://, https://, v4l2:/dev/video0, or a video file',
        examples: ['rtsp://10.0.0.5/sub'],
      }),
    mode: z
      .enum(['normal', 'keyframes', 'poll'])
      .default('normal')
      .meta({ title: 'keyframes decodes little; poll asks an http address for one picture at a time' }),
    interval: z
      .number()
      .min(1)
      .max(3_600)
      .optional()
      .meta({ title: 'Seconds from picture to picture with mode: poll; 10 without it' }),
    hwaccel: z
      .enum(['none', 'auto', 'vaapi', 'qsv', 'v4l2m2m'])
      .default('none')
      .meta({ title: 'What decodes instead of the CPU' }),
    username: z.string().min(1).optional(),
    password: secret.optional(),
    fps: z.number().min(0.1).max(30).default(5).meta({ title: 'Frames looked at, a second' }),
    loop: z.boolean().default(false).meta({ title: 'A file starts again at its end' }),
    labels: z
      .record(z.string().min(1), label)
      .optional()
      .meta({ title: 'Objects that make events; without it, all that the model knows' }),
  })
  .refine((value) => value.password === undefined || value.username !== undefined, {
    path: ['username'],
    message: 'expected a username beside the password',
  })
  .refine(({ mode, source }) => mode !== 'poll' || /^https?:/i.test(source), {
    path: ['mode'],
    message: 'expected an http:// or https:// source for mode: poll',
  })
  .refine(({ mode, interval }) => interval === undefined || mode === 'poll', {
    path: ['interval'],
    message: 'expected mode: poll beside an interval',
  });

const sink = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('mqtt') }),
  z.strictObject({
    type: z.literal('file'),
    path: z
      .string()
      .min(1)
      .meta({ title: 'JSON Lines file, with strftime placeholders', examples: ['events/%Y-%m-%d.jsonl'] }),
    images: z
      .boolean()
      .default(false)
      .meta({ title: "Keep each event's picture in images/ beside the file" }),
  }),
]);

/** The one description of falconet.yaml: types, checks and the JSON Schema come from it. */
export const configSchema = z
  .strictObject({
    gateway: key.default('home').meta({ title: 'Name of this gateway' }),
    mqtt: mqtt.optional(),
    model: model.prefault({}),
    ffmpeg: z
      .strictObject({
        path: z.string().min(1).meta({ title: 'The ffmpeg to use; else PATH, then the bundled one' }),
      })
      .optional(),
    cameras: z
      .record(key, camera)
      .refine((cameras) => Object.keys(cameras).length > 0, 'expected at least one camera'),
    sinks: z.array(sink).optional().meta({ title: 'Where events go; mqtt if a broker is named' }),
    log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  })
  .superRefine((config, context) => {
    if (config.mqtt !== undefined || !config.sinks?.some((entry) => entry.type === 'mqtt')) return;
    context.addIssue({ code: 'custom', path: ['sinks'], message: 'expected mqtt.url for the mqtt sink' });
  })
  .meta({ $id: 'falconet/config/1', title: 'Falconet configuration' });

export type Config = z.infer<typeof configSchema>;
export type CameraConfig = Config['cameras'][string];
