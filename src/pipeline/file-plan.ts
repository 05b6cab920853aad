import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { fileSink } from '../sinks/file.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';

type FileConfig = Omit<Extract<NonNullable<Config['sinks']>[number], { readonly type: 'file' }>, 'type'>;

const DAY_MS = 86_400_000;

/** @param folder - where relative paths start. */
export function filePlan(
  config: FileConfig,
  folder: string,
  tools: { readonly log: Log; readonly clock: Clock },
): SinkPlan {
  const { path, format, images, gzip, fsync } = config;
  const { max_mb: megabytes, keep_days: days, keep_gb: gigabytes } = config;
  const limits = {
    ...(megabytes !== undefined && { maxFileBytes: megabytes * 1e6 }),
    ...(days !== undefined && { maxAgeMs: days * DAY_MS }),
    ...(gigabytes !== undefined && { maxBytes: gigabytes * 1e9 }),
  };
  const sync = fsync === 'always';
  return {
    name: 'file',
    place: `file ${path}`,
    takesPictures: images,
    key: JSON.stringify(config),
    open: () => fileSink({ folder, path, format, images, gzip, sync, ...limits, ...tools }),
  };
}
