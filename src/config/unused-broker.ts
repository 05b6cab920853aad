import type { Config } from './schema.ts';

/** Whether a broker is named that hears nothing, since the list of sinks leaves it out. */
export function leavesBrokerOut({ mqtt, sinks }: Pick<Config, 'mqtt' | 'sinks'>): boolean {
  return mqtt !== undefined && !(sinks?.some(({ type }) => type === 'mqtt') ?? true);
}
