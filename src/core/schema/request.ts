import { z } from 'zod';

const camera = z.string().regex(/^[a-z0-9_-]{1,40}$/);
const noBody = z.strictObject({});
const ofCamera = z.strictObject({ camera });

/** What a gateway can be asked for, and what each request brings beside its `transaction`. */
export const requestSchemas = {
  health: noBody,
  restart: z.strictObject({
    camera: camera.optional().meta({ description: 'Only this one; without it, engines and all cameras' }),
  }),
  reload: noBody,
  'camera/enable': ofCamera,
  'camera/disable': ofCamera,
  'camera/snapshot': ofCamera,
  thresholds: z.strictObject({
    camera,
    labels: z
      .record(z.string().min(1).max(100), z.number().min(0.1).max(1).nullable())
      .meta({ description: 'Least median score by label; null goes back to the configuration' }),
  }),
  'log-level': z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']) }),
} as const;

export type Verb = keyof typeof requestSchemas;
export type RequestBody<V extends Verb> = z.infer<(typeof requestSchemas)[V]>;

export const transactionSchema = z.union([z.string().max(200), z.number()]);

/** `<base>/bridge/response/<verb>`. */
export const answerSchema = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('ok'),
      data: z.record(z.string(), z.unknown()),
      transaction: transactionSchema.optional(),
    }),
    z.strictObject({
      status: z.literal('error'),
      data: z.strictObject({}),
      error: z.string().min(1),
      transaction: transactionSchema.optional(),
    }),
  ])
  .meta({ $id: 'falconet/response/1', title: 'Answer to a request' });

export type RequestAnswer = z.infer<typeof answerSchema>;
