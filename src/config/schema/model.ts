import { z } from 'zod';

export const model = z.strictObject({
  path: z.string().min(1).default('tiny-ssd').meta({
    title: 'Name of a model in the package, or a folder: with a slash in it, from the folder of this file',
  }),
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
