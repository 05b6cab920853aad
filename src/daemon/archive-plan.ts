import type { LoadedConfig } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { archiveLimits } from '../pipeline/archive-limits.ts';
import { archiveSink } from '../sinks/archive/archive-sink.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';
import { dataFolder } from './data.ts';

/** The folder of a configuration's event store; undefined where it wants none. */
export function archiveFolder(loaded: LoadedConfig): string | undefined {
  return loaded.config.data.events_days === 'off' ? undefined : dataFolder(loaded);
}

/** The event store is there wherever there is a data folder, unless it is switched off. */
export function archivePlans(
  loaded: LoadedConfig,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): SinkPlan[] {
  const folder = archiveFolder(loaded);
  const limits = archiveLimits(loaded.config.data);
  if (folder === undefined || limits === undefined) return [];
  const key = JSON.stringify(['store', folder, limits]);
  return [{ name: 'store', key, open: () => archiveSink({ folder, limits, log, clock }) }];
}
