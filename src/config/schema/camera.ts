import { z } from 'zod';
import { masks } from './masks.ts';
import { motion } from './motion.ts';
import { clips, record } from './record.ts';
import { checkZones, rules } from './rules.ts';
import { secret } from './text.ts';

export const camera = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .meta({
        title:
          'rtsp://, rtsps://, http://, https://, v4l2:/dev/video0, a video file, or demo for a bundled clip',
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
    record: record.optional(),
    clips: clips
      .optional()
      .meta({ title: 'A clip for each event; without it and record, nothing is recorded' }),
    ...rules,
    motion: motion.prefault({}).meta({ title: 'Which pictures are looked at, and where closely' }),
    masks: masks.prefault({}).meta({ title: 'Areas that are left out of something' }),
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
  })
  .superRefine(checkZones);
