import type { GatewaySettings } from '../../src/config/node-settings.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Log } from '../../src/core/log.ts';
import { archiveLimits } from '../../src/pipeline/archive-limits.ts';
import { archiveSink } from '../../src/sinks/archive/archive-sink.ts';
import { openEventArchive } from '../../src/sinks/archive/event-archive.ts';
import { queued } from '../../src/sinks/queue.ts';
import type { GatewayArchive } from '../lib/gateway-node.ts';

/**
 * Opens a gateway's event store, in the form that `falconet events` reads, too. A folder that cannot be used is said
 * in the log, and tried again.
 *
 * @param folder - undefined where nothing is to be kept.
 */
export async function openGatewayArchive({
  folder,
  settings,
  log,
}: {
  readonly folder: string | undefined;
  readonly settings: GatewaySettings;
  readonly log: Log;
}): Promise<GatewayArchive> {
  const limits = archiveLimits(settings);
  if (folder === undefined || limits === undefined)
    return { events: undefined, push: () => {}, close: async () => {} };
  const queue = queued(archiveSink({ folder, limits, log }), { log, clock: systemClock });
  const events = openEventArchive(folder);
  return {
    events,
    push: (delivery) => queue.push(delivery),
    async close() {
      await Promise.all([queue.close(), events.close()]);
    },
  };
}
