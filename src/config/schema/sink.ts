import { z } from 'zod';
import { secret, textOf } from './text.ts';
import { duration } from './time.ts';
import { hasHost } from './url.ts';

/** What belongs to one connection (RFC 9110, section 7.6.1) or is told by the request itself. */
const NOT_OWN =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|(?:proxy|content|webhook)-.*)$/i;

export const sink = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('mqtt').meta({ title: 'Events, pictures and states on the broker' }) }),
  z.strictObject({
    type: z.literal('file').meta({ title: 'Events as lines of a file' }),
    path: textOf(
      /^(?:[^%]|%[YmdHMSz%])+$/s,
      'a path with no placeholders but %Y %m %d %H %M %S %z, and %% for a percent sign',
    ).meta({ title: 'File, named by the time of the event', examples: ['events/%Y-%m-%d.jsonl'] }),
    format: z
      .enum(['jsonl', 'csv'])
      .default('jsonl')
      .meta({ title: 'JSON Lines with all of an event, or CSV for a table' }),
    images: z
      .boolean()
      .default(false)
      .meta({ title: "Keep each event's picture in images/, in the folder before path's first placeholder" }),
    max_mb: z
      .number()
      .min(0.001)
      .max(1_000_000)
      .optional()
      .meta({ title: 'Most megabytes of one file; one that is full gets a number', examples: [100] }),
    gzip: z.boolean().default(false).meta({ title: 'Compress files that are written no more' }),
    keep_days: z
      .number()
      .min(0.01)
      .max(36_500)
      .optional()
      .meta({ title: 'Days after which a file or picture goes; without it none does', examples: [90] }),
    keep_gb: z
      .number()
      .min(0.001)
      .max(100_000)
      .optional()
      .meta({
        title: 'Most gigabytes of all its files and pictures, the oldest go first; without it no limit',
        examples: [5],
      }),
    fsync: z
      .enum(['never', 'always'])
      .default('never')
      .meta({ title: 'Whether each event has to be on the disk, so that it outlives a power cut' }),
  }),
  z.strictObject({
    type: z.literal('webhook').meta({ title: 'Events posted to an address' }),
    url: textOf(/^https?:\/\/./, 'a URL such as https://example.org/hook')
      .refine(hasHost, 'expected a URL with a host; % stands for itself as %25')
      .meta({ title: 'Address of the receiver', secret: true, examples: ['https://example.org/hook'] }),
    format: z
      .enum(['json', 'multipart'])
      .default('json')
      .meta({ title: 'The event alone, or a form of event and picture' }),
    secret: secret.optional().meta({
      title: 'Signs each request, as Standard Webhooks has it',
      examples: ['${HOOK_SECRET}'],
    }),
    headers: z
      .record(
        textOf(/^[A-Za-z0-9-]{1,100}$/, 'the name of a header').refine(
          (name) => !NOT_OWN.test(name),
          'expected a header of your own: those of the connection, content-… and webhook-… are set already',
        ),
        textOf(/^[\x20-\x7e]{1,8000}$/, 'a line of ASCII'),
      )
      .default({})
      .meta({ title: 'Headers of each request, but for those of the connection, content-… and webhook-…' }),
    events: z
      .array(z.enum(['new', 'update', 'end']))
      .min(1)
      .default(['new', 'update', 'end'])
      .meta({ title: 'What is sent', expected: 'a list of new, update, end' }),
    timeout: duration.default('10s').meta({ title: 'What an answer may take' }),
  }),
]);
