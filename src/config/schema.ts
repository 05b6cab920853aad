import { z } from 'zod';

/** A text of one form, told in the same words by mistakes and by the reference. */
function textOf(pattern: RegExp, expected: string) {
  return z.string().regex(pattern, `expected ${expected}`).meta({ expected });
}

/** Whether it is a URL that has a host, and credentials that can be decoded. */
function hasHost(text: string): boolean {
  try {
    const { hostname, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return hostname !== '';
  } catch {
    return false;
  }
}

/** Keys of cameras become topics and file names, so they are plain. */
const key = textOf(/^[a-z0-9_-]{1,40}$/, '1 to 40 of a-z, 0-9, _ and -');
/** From the detector's floor upwards; a node's dialog has it too. */
export const leastScore = z.number().min(0.1).max(1).default(0.4);
const secret = z.string().min(1).meta({ secret: true });
const file = textOf(/./s, "a path, starting from this file's folder");

const mqtt = z
  .strictObject({
    url: textOf(/^mqtts?:\/\/./, 'a URL such as mqtt://localhost:1883 or mqtts://broker.lan')
      .refine(hasHost, 'expected a URL with a host; % stands for itself as %25')
      .meta({
        title: 'Address of the broker',
        examples: ['mqtt://localhost:1883'],
      }),
    username: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Name to log in with', examples: ['falconet'] }),
    password: secret
      .optional()
      .meta({ title: 'Best from the environment or a file', examples: ['${MQTT_PASSWORD}'] }),
    base_topic: textOf(/^[^/#+\s][^#+\s]*(?<!\/)$/, 'a topic without #, +, blanks and outer slashes')
      .default('falconet')
      .meta({ title: 'Topics start here; one per gateway' }),
    client_id: textOf(/^[^\p{Cc}]{1,128}$/u, '1 to 128 characters')
      .optional()
      .meta({
        title: 'Name that the broker knows this client by; without it a new one at each start',
        examples: ['falconet-home'],
      }),
    version: z
      .literal(['auto', 5, '3.1.1'])
      .default('auto')
      .meta({ title: 'Version of MQTT; auto tries 5 and goes on with 3.1.1 where the broker asks for it' }),
    ca: file.optional().meta({
      title: 'Certificates (PEM) that a broker is trusted by, instead of the public ones',
      examples: ['certs/ca.pem'],
    }),
    cert: file
      .optional()
      .meta({ title: 'Certificate (PEM) to log in with', examples: ['certs/falconet.pem'] }),
    key: file.optional().meta({ title: 'Key (PEM) of mqtt.cert', examples: ['certs/falconet.key'] }),
    tls_verify: z.boolean().default(true).meta({
      title: 'Whether the broker must show a trusted certificate; without it anybody can be the broker',
    }),
    tls_server_name: textOf(/^[a-z0-9.-]{1,253}$/i, 'a host name')
      .optional()
      .meta({
        title: "Host name in the broker's certificate, where mqtt.url has another",
        examples: ['broker.lan'],
      }),
  })
  .superRefine((settings, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const { url, cert, key: certKey, tls_verify: verify } = settings;
    if (!/^mqtts:/.test(url)) {
      for (const key of ['ca', 'cert', 'key', 'tls_server_name'] as const) {
        if (settings[key] !== undefined) refuse(key, 'expected an mqtts:// address beside it');
      }
      if (!verify) refuse('tls_verify', 'expected an mqtts:// address beside it');
    }
    if (cert !== undefined && certKey === undefined) refuse('cert', 'expected mqtt.key beside it');
    if (cert === undefined && certKey !== undefined) refuse('key', 'expected mqtt.cert beside it');
  });

const model = z.strictObject({
  path: z.string().min(1).default('tiny-ssd').meta({ title: 'Name of a model in the package, or a folder' }),
  engine: z
    .enum(['auto', 'onnx', 'wasm', 'tfjs'])
    .default('auto')
    .meta({ title: 'What computes; auto takes the fastest that loads' }),
  precision: z
    .enum(['auto', 'fp32', 'int8'])
    .default('auto')
    .meta({ title: 'Numbers it computes in; auto takes int8 where the CPU makes it faster' }),
  processes: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .meta({ title: 'Engine processes of one thread each; auto is half the cores, at least 1' }),
});

const label = z.strictObject({
  score: leastScore.meta({ title: 'Least median score of an object for an event' }),
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
      .meta({ title: 'Seconds from picture to picture with mode: poll; 10 without it', examples: [10] }),
    hwaccel: z
      .enum(['none', 'auto', 'vaapi', 'qsv', 'v4l2m2m'])
      .default('none')
      .meta({ title: 'What decodes instead of the CPU' }),
    frozen_after: z
      .union([z.literal('off'), z.number().min(10).max(3_600)])
      .default(60)
      .meta({ title: 'Seconds of one and the same picture after which a camera counts as stalled; or off' }),
    username: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Name to log in with, here or in the address', examples: ['viewer'] }),
    password: secret.optional().meta({
      title: 'Taken as it is; in an address it has to be percent-encoded',
      examples: ['${file:/run/secrets/drive}'],
    }),
    fps: z.number().min(0.1).max(30).default(5).meta({ title: 'Frames looked at, a second' }),
    loop: z.boolean().default(false).meta({ title: 'A file starts again at its end' }),
    labels: z
      .record(z.string().min(1), label)
      .optional()
      .meta({
        examples: ['person'],
        title: 'Objects that make events; without it, all that the model knows',
      }),
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
  z.strictObject({ type: z.literal('mqtt').meta({ title: 'Events, pictures and states on the broker' }) }),
  z.strictObject({
    type: z.literal('file').meta({ title: 'Events as lines of JSON' }),
    path: textOf(
      /^(?:[^%]|%[YmdHMSz%])+$/s,
      'a path with no placeholders but %Y %m %d %H %M %S %z, and %% for a percent sign',
    ).meta({ title: 'JSON Lines file, named by the time of the event', examples: ['events/%Y-%m-%d.jsonl'] }),
    images: z
      .boolean()
      .default(false)
      .meta({ title: "Keep each event's picture in images/ beside the file" }),
  }),
]);

/** What a reload does where a part differs. */
const ALL_ANEW = 'engines and all cameras start anew';
const ONE_ANEW = 'the camera that differs starts anew';
const SINK_ANEW = 'the sink that differs opens anew';

/** The one description of falconet.yaml: types, checks and the JSON Schema come from it. */
export const configSchema = z
  .strictObject({
    gateway: key.default('home').meta({ title: 'Name of this gateway', reload: ALL_ANEW }),
    mqtt: mqtt
      .optional()
      .meta({ title: 'The broker', reload: 'the broker is connected to anew', shown: true }),
    model: model.prefault({}).meta({ title: 'What looks at the pictures', reload: ALL_ANEW }),
    ffmpeg: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .meta({
            title: 'The ffmpeg to use; without it the one on PATH, then the bundled one',
            examples: ['/usr/bin/ffmpeg'],
          }),
      })
      .optional()
      .meta({ title: 'What reads the cameras', reload: ALL_ANEW }),
    cameras: z
      .record(key, camera)
      .refine((cameras) => Object.keys(cameras).length > 0, 'expected at least one camera')
      .meta({ title: 'The cameras, each by a name of its own', examples: ['drive'], reload: ONE_ANEW }),
    sinks: z
      .array(sink)
      .optional()
      .meta({ title: 'Where events go; without it to the broker, if one is named', reload: SINK_ANEW }),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error'])
          .default('info')
          .meta({ title: 'Least weight of a line' }),
      })
      .prefault({})
      .meta({ title: 'The log on stderr', reload: 'from the next line on' }),
  })
  .superRefine((config, context) => {
    if (config.mqtt !== undefined || !config.sinks?.some((entry) => entry.type === 'mqtt')) return;
    context.addIssue({ code: 'custom', path: ['sinks'], message: 'expected mqtt.url for the mqtt sink' });
  })
  .meta({ $id: 'falconet/config/1', title: 'Falconet configuration' });

export type Config = z.infer<typeof configSchema>;
export type CameraConfig = Config['cameras'][string];
