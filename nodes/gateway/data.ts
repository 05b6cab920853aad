import { join } from 'node:path';
import type { GatewaySettings } from '../../src/config/node-settings.ts';
import type { Log } from '../../src/core/log.ts';
import { outboxLimits } from '../../src/pipeline/outbox-limits.ts';
import { type Outbox, outboxesIn } from '../../src/sinks/outbox.ts';
import { journalIn } from '../../src/sinks/store/journal.ts';
import { keepIn } from '../../src/sinks/store/keep.ts';
import { scoped } from '../../src/sinks/store/scoped.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import type { GatewayData } from '../lib/gateway-node.ts';

/** What a gateway keeps, and what waits for its broker. */
export interface OwnData extends GatewayData {
  /** Undefined where the gateway has no folder. */
  readonly outboxOf: ((place: string) => Outbox) | undefined;
}

/**
 * Opens the one file of a gateway. Each *track* has its own part of it: two of them may follow the same camera by other
 * rules. A folder that cannot be used is said, and tried again in the background.
 *
 * @param folder - undefined where nothing is to be kept.
 */
export async function openGatewayData({
  folder,
  settings,
  log,
}: {
  readonly folder: string | undefined;
  readonly settings: GatewaySettings;
  readonly log: Log;
}): Promise<OwnData> {
  if (folder === undefined) return { memoryOf: () => undefined, outboxOf: undefined, close: async () => {} };
  const store = await openStore({ path: join(folder, 'falconet.db'), log });
  return {
    memoryOf(id) {
      const own = scoped(store, `track ${id}`);
      return { journal: journalIn(own), keep: keepIn(own) };
    },
    outboxOf: outboxesIn(store, { log, maxAgeMs: outboxLimits(settings).maxAgeMs }),
    close: () => store.close(),
  };
}
