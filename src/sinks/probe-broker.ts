import { type IClientOptions, connect as openClient } from 'mqtt';
import { within } from '../core/within.ts';
import { brokerFault, type ClientError, isWrongVersion } from './broker-fault.ts';
import { brokerSettings, type ConnectionOptions } from './broker-settings.ts';
import type { BrokerFault } from './fault.ts';

/** What became of the question to a broker; `address` is without credentials. */
export type BrokerProbe =
  | {
      readonly answers: true;
      readonly address: string;
      readonly version: '5' | '3.1.1';
      /** From the first packet on the network to the broker's yes. */
      readonly firstMs: number;
    }
  | { readonly answers: false; readonly address: string; readonly fault: BrokerFault };

const END_MS = 500;

/**
 * Connects to a broker and leaves at once: nothing is published, there is no last will and no session. Takes as long
 * as the broker may take to answer, twice that where `auto` has to try another version.
 *
 * @throws CONFIG_INVALID when the address is none of a broker.
 */
export async function probeBroker(
  options: Omit<ConnectionOptions, 'will' | 'reconnectMs'>,
): Promise<BrokerProbe> {
  const { version: wanted = 'auto' } = options;
  const { address, client } = brokerSettings(options);
  const began = performance.now();
  let version: 4 | 5 = client.protocolVersion === 5 ? 5 : 4;
  let error = await attempt(client);
  if (wanted === 'auto' && error !== undefined && isWrongVersion(error)) {
    version = 4;
    error = await attempt({ ...client, protocolVersion: version });
  }
  if (error !== undefined) return { answers: false, address, fault: brokerFault(error, version) };
  const firstMs = Math.round(performance.now() - began);
  return { answers: true, address, version: version === 5 ? '5' : '3.1.1', firstMs };
}

/** Connects once. @returns what went wrong, if anything. */
async function attempt(settings: IClientOptions): Promise<ClientError | undefined> {
  const client = openClient({ ...settings, reconnectPeriod: 0 });
  const error = await new Promise<ClientError | undefined>((resolve) => {
    client.on('connect', () => resolve(undefined));
    client.on('error', resolve);
    client.on('close', () => resolve({ code: 'ECONNRESET' })); // where no error said why
  });
  await within(END_MS, client.endAsync(error !== undefined));
  return error;
}
