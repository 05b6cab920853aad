import { z } from 'zod';
import { textOf } from './text.ts';

export const sink = z.discriminatedUnion('type', [
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
