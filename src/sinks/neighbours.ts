import type { Log } from '../core/log.ts';
import type { Received } from './broker.ts';

export interface NeighboursOptions {
  readonly baseTopic: string;
  readonly gateway: string;
  readonly instance: string;
  readonly log: Log;
}

const MOST_BYTES = 1_000_000;
const MOST_TOLD = 20;
const HINT =
  'Give each gateway a base topic of its own, mqtt.base_topic; if it is the old name of this one, all is well';

/**
 * Says once of each other gateway that it uses the same base topic, for each would overwrite what the other says: of a
 * gateway with another name, and of one with this name that runs at the same time.
 *
 * @returns takes what stands on `<base>/bridge/info`.
 */
export function neighbours({ baseTopic, gateway, instance, log }: NeighboursOptions) {
  const told = new Set<string>();
  return ({ payload, retain }: Pick<Received, 'payload' | 'retain'>): void => {
    const other = infoOf(payload);
    if (other === undefined || other.instance === instance) return;
    if (retain && other.gateway === gateway) return; // what this one said before its start
    const name = `${other.gateway} ${other.instance}`;
    if (told.has(name) || told.size >= MOST_TOLD) return;
    told.add(name);
    log.error(
      { gateway: other.gateway, baseTopic, hint: HINT },
      'mqtt: another gateway says what it is on the same base topic',
    );
  };
}

function infoOf(payload: Uint8Array): { readonly gateway: string; readonly instance: string } | undefined {
  if (payload.length > MOST_BYTES) return undefined;
  try {
    const info: unknown = JSON.parse(Buffer.from(payload).toString());
    if (typeof info !== 'object' || info === null || !('gateway' in info) || !('instance' in info))
      return undefined;
    return { gateway: String(info.gateway).slice(0, 40), instance: String(info.instance).slice(0, 40) };
  } catch {
    return undefined; // not a gateway's
  }
}
