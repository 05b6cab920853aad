import { z } from 'zod';
import { camera } from './schema/camera.ts';
import { dashboard } from './schema/dashboard.ts';
import { data } from './schema/data.ts';
import { metrics } from './schema/metrics.ts';
import { model } from './schema/model.ts';
import { mqtt } from './schema/mqtt.ts';
import { sink } from './schema/sink.ts';
import { key } from './schema/text.ts';
import { timeZone } from './schema/time.ts';

/** What a reload does where a part differs. */
const ALL_ANEW = 'engines and all cameras start anew';
const ONE_ANEW = 'the camera that differs starts anew';
const SINK_ANEW = 'the sink that differs opens anew';

/** The one description of falconet.yaml: types, checks and the JSON Schema come from it. */
export const configSchema = z
  .strictObject({
    gateway: key.default('home').meta({ title: 'Name of this gateway', reload: ALL_ANEW }),
    time_zone: timeZone.optional().meta({
      title: 'Of schedules; without it that of the machine',
      examples: ['Europe/Berlin'],
      reload: 'the cameras with schedules start anew',
    }),
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
            title:
              'The ffmpeg to use, a relative path from the folder of this file; without it the one on PATH, then the bundled one',
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
    dashboard: dashboard.optional().meta({
      title:
        'The page with live pictures and events; without it there is none, `{}` gives it to this machine',
      reload: 'the page is served anew, and who looks on logs in again',
    }),
    metrics: metrics.optional().meta({
      title:
        'Figures for Prometheus, and whether all is well; without it none, `{}` gives them to this machine',
      reload: 'they are served anew',
    }),
    data: data.prefault({}).meta({ title: 'What is kept on disk', reload: ALL_ANEW }),
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
  .superRefine(({ sinks = [] }, context) => {
    const paths = sinks.map((entry) => (entry.type === 'file' ? entry.path : undefined));
    for (const [i, path] of paths.entries()) {
      if (path === undefined || paths.indexOf(path) === i) continue;
      const message = 'expected a path of its own, another sink has this one';
      context.addIssue({ code: 'custom', path: ['sinks', i, 'path'], message });
    }
  })
  .superRefine(({ data: { path }, cameras }, context) => {
    const isRecorded = Object.values(cameras).some(
      ({ record, clips }) => record !== undefined || clips !== undefined,
    );
    if (path !== 'off' || !isRecorded) return;
    const message = 'expected a folder, since cameras are recorded (record, clips)';
    context.addIssue({ code: 'custom', path: ['data', 'path'], message });
  })
  .meta({ $id: 'falconet/config/1', title: 'Falconet configuration' });

export type Config = z.infer<typeof configSchema>;
export type CameraConfig = Config['cameras'][string];
