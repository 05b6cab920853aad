import { randomBytes } from 'node:crypto';
import type { LoadedConfig } from '../../config/load.ts';
import { leavesBrokerOut } from '../../config/unused-broker.ts';
import { brokerPlan } from '../../pipeline/broker-plan.ts';
import { type BrokerProbe, probeBroker } from '../../sinks/probe-broker.ts';

/**
 * Asks the broker that events go to, under an id of its own: one that is configured may be in use by the gateway that
 * runs, and would push that out.
 *
 * @returns undefined where the configuration names none, `unused` where it does and `sinks` leaves it out.
 */
export async function checkBroker({
  config,
  brokerFiles,
}: Pick<LoadedConfig, 'config' | 'brokerFiles'>): Promise<BrokerProbe | 'unused' | undefined> {
  const { mqtt } = config;
  if (mqtt === undefined) return undefined;
  if (leavesBrokerOut(config)) return 'unused';
  const clientId = `falconet-check-${randomBytes(3).toString('hex')}`;
  return probeBroker({ ...brokerPlan(mqtt, brokerFiles), clientId });
}
