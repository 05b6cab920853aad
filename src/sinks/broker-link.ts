import { type MqttClient, connect as openClient } from 'mqtt';
import type { Log } from '../core/log.ts';
import { brokerFault, HUNG_UP, isWrongVersion } from './broker-fault.ts';
import { brokerSettings, type ConnectionOptions } from './broker-settings.ts';
import { outage, type Remark } from './outage.ts';

export interface LinkOptions extends ConnectionOptions {
  /** A connection that lives for so long is a good one: waits start anew after it. @default 60_000 */
  readonly settledMs?: number;
  readonly log: Log;
}

/** An MQTT client that connects again and again, and what the log hears of it. */
export interface BrokerLink {
  readonly client: MqttClient;
  /** For messages: without credentials. */
  readonly address: string;
  /** Protocol level that is spoken, or tried: 4 is MQTT 3.1.1. */
  version(): 4 | 5;
  /** The log hears no more; what comes is meant. */
  quieten(): void;
}

const MOST_RECONNECT_MS = 30_000;
/** Between an answer that asks for another version and the next attempt. */
const OTHER_VERSION_MS = 10;
/** DISCONNECT, MQTT 5, section 3.14.2.1. */
const SESSION_TAKEN_OVER = 142;

/**
 * Connects in the background and again whenever the connection is lost, at growing distances until one has lived
 * for `settledMs`. A broker that is absent is no error but a line in the log, once for each reason of an outage.
 * Credentials never reach the log.
 *
 * @throws CONFIG_INVALID when the address is none of a broker.
 */
export function openLink(options: LinkOptions): BrokerLink {
  const { clientId, version: wanted = 'auto', reconnectMs = 1000, settledMs = 60_000, log } = options;
  const { address, client: settings } = brokerSettings(options);
  const client = openClient(settings);
  const news = outage({ clientId, settledMs });
  let isQuiet = false;
  let connectedAt: number | undefined;
  let settling: NodeJS.Timeout | undefined;
  /** Why this attempt or connection ends, where that is told already. */
  let ending: 'failed' | 'taken-over' | 'other-version' | undefined;

  const version = (): 4 | 5 => (client.options.protocolVersion === 5 ? 5 : 4);

  function say(remark: Remark | undefined): void {
    if (remark === undefined || isQuiet) return;
    const { level, sentence, hint } = remark;
    log[level]({ broker: address, ...(hint !== undefined && { hint }) }, `mqtt: ${sentence}`);
  }

  client.on('connect', () => {
    connectedAt = performance.now();
    settling = setTimeout(() => {
      client.options.reconnectPeriod = reconnectMs;
      say(news.settled());
    }, settledMs).unref();
    say(news.connected());
  });
  client.on('error', (error) => {
    if (wanted === 'auto' && version() === 5 && isWrongVersion(error)) {
      ending = 'other-version';
      client.options.protocolVersion = 4; // from the next attempt on
      client.options.reconnectPeriod = OTHER_VERSION_MS;
      return;
    }
    const fault = brokerFault(error, version());
    if (fault === HUNG_UP && connectedAt !== undefined) return; // told as a loss
    ending = 'failed';
    say(news.failed(fault));
  });
  client.on('disconnect', ({ reasonCode }) => {
    ending = reasonCode === SESSION_TAKEN_OVER ? 'taken-over' : 'failed';
    if (ending === 'failed') say(news.failed(brokerFault({ code: reasonCode }, 5)));
  });
  client.on('close', () => {
    clearTimeout(settling);
    if (connectedAt !== undefined) {
      say(news.lost(performance.now() - connectedAt, ending === 'taken-over' ? ending : 'other'));
    } else if (ending === undefined) say(news.failed(HUNG_UP));
    client.options.reconnectPeriod =
      ending === 'other-version' ? reconnectMs : nextWait(client.options.reconnectPeriod ?? reconnectMs);
    connectedAt = undefined;
    ending = undefined;
  });

  return {
    client,
    address,
    version,
    quieten() {
      isQuiet = true;
    },
  };
}

/** Twice as long, give or take a quarter, so that a house full of clients does not come back in step. */
function nextWait(waitMs: number): number {
  return Math.min(MOST_RECONNECT_MS, waitMs * (1.75 + Math.random() / 2));
}
