import { type IClientOptions, connect as openClient } from 'mqtt';
import { FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { brokerFault } from './broker-fault.ts';
import type { Message } from './presence.ts';
import { slidingWindow } from './window.ts';
import { within } from './within.ts';

export interface BrokerOptions {
  /** `mqtt://host:port` or `mqtts://host:port`; credentials in it count where `username` is not given. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A second client of the same id pushes the first one out (MQTT 3.1.1, section 3.1.4). */
  readonly clientId: string;
  /** Protocol level of MQTT 3.1.1 (section 3.1.2.2). @default 4 */
  readonly protocolVersion?: 4;
  /** First wait before connecting again; doubles up to 30 s. @default 1000 */
  readonly reconnectMs?: number;
  readonly will: Message;
  /** Published after each connect. */
  readonly greeting: () => readonly Message[];
  readonly log: Log;
}

export interface Broker {
  isConnected(): boolean;
  /**
   * Resolves when the broker acknowledged the message, however many connections that takes: a message is
   * handed to the client once and sent again by it after a reconnect (MQTT 3.1.1, section 4.4).
   *
   * @throws SINK_OFFLINE when the connection was closed first; SINK_WRITE when the client refuses the message.
   */
  publish(message: Message): Promise<void>;
  /** Publishes last words if there is a connection, then ends it. Idempotent, never rejects, within 2 s. */
  close(lastWords: readonly Message[]): Promise<void>;
}

/** Below what brokers take unacknowledged (mosquitto: 20), since the client does not heed their limit. */
const IN_FLIGHT = 16;
const MOST_RECONNECT_MS = 30_000;
const LAST_WORDS_MS = 1000;
const END_MS = 500;

/**
 * Connects in the background and again whenever the connection is lost; a broker that is absent is no error but
 * a line in the log, once for each new reason. Credentials never reach the log.
 *
 * @throws CONFIG_INVALID when the address is none of a broker.
 */
export function connectBroker(options: BrokerOptions): Broker {
  const { reconnectMs = 1000, greeting, log } = options;
  const { address, settings } = clientSettings(options, reconnectMs);
  const client = openClient(settings);
  const inWindow = slidingWindow(IN_FLIGHT);
  const unanswered = new Set<(reason: Error) => void>();
  let closing: Promise<void> | undefined;
  let isClosed = false;
  let wasConnected = false;
  let lastSentence = '';

  client.on('connect', () => {
    wasConnected = true;
    lastSentence = '';
    client.options.reconnectPeriod = reconnectMs;
    log.info({ broker: address }, 'mqtt: connected');
    // A greeting that fails has lost its connection, and the next connection brings a new one.
    for (const message of greeting()) publish(message).catch(() => {});
  });
  client.on('error', (error) => {
    const { sentence, hint } = brokerFault(error);
    if (sentence === lastSentence) return;
    lastSentence = sentence;
    log.warn({ broker: address, hint }, `mqtt: ${sentence}; trying again in the background`);
  });
  client.on('close', () => {
    if (wasConnected && closing === undefined) {
      log.warn({ broker: address }, 'mqtt: connection lost; what is to be sent waits');
    }
    wasConnected = false;
    client.options.reconnectPeriod = nextWait(client.options.reconnectPeriod ?? reconnectMs);
  });

  function publish({ topic, payload, retain }: Message): Promise<void> {
    return inWindow(
      () =>
        new Promise<void>((resolve, reject) => {
          if (isClosed) return reject(offline(address));
          unanswered.add(reject);
          client.publish(topic, asPayload(payload), { qos: 1, retain }, (cause) => {
            unanswered.delete(reject);
            if (cause) reject(new FalconetError('SINK_WRITE', `mqtt: ${topic} was not taken`, { cause }));
            else resolve();
          });
        }),
    );
  }

  async function end(lastWords: readonly Message[]): Promise<void> {
    if (client.connected) {
      const said = Promise.allSettled(lastWords.map(publish));
      const lost = new Promise<void>((resolve) => client.once('close', () => resolve()));
      await within(LAST_WORDS_MS, Promise.race([said, lost]));
    }
    isClosed = true;
    const isClean = client.connected && unanswered.size === 0;
    for (const reject of unanswered) reject(offline(address));
    unanswered.clear();
    // With something unanswered a clean end would wait for the answer; dropping the connection publishes the will.
    await within(
      END_MS,
      client.endAsync(!isClean).catch(() => {}),
    );
  }

  return {
    isConnected: () => client.connected,
    publish,
    close(lastWords) {
      closing ??= end(lastWords);
      return closing;
    },
  };
}

function clientSettings(options: BrokerOptions, reconnectMs: number) {
  const { url, username, password, clientId, will, protocolVersion = 4 } = options;
  const broker = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = broker?.protocol.slice(0, -1);
  if (!broker?.hostname || (protocol !== 'mqtt' && protocol !== 'mqtts')) {
    // The address itself stays out: it may hold a password.
    throw new FalconetError('CONFIG_INVALID', 'mqtt: expected an address such as mqtt://localhost:1883');
  }
  const port = broker.port === '' ? { mqtt: 1883, mqtts: 8883 }[protocol] : Number(broker.port);
  const user = username ?? decodeURIComponent(broker.username);
  const secret = username === undefined ? decodeURIComponent(broker.password) : password;
  const settings: IClientOptions = {
    protocol,
    host: broker.hostname.replace(/^\[|\]$/g, ''),
    port,
    clientId,
    protocolVersion,
    clean: true, // nothing is subscribed, so there is no session worth keeping (section 3.1.2.4)
    keepalive: 30, // s: a dead link is noticed within 45 (section 3.1.2.10)
    connectTimeout: 10_000,
    reconnectPeriod: reconnectMs,
    reconnectOnConnackError: true, // a password that is being changed must not need a restart
    will: { topic: will.topic, payload: asPayload(will.payload), qos: 1, retain: will.retain },
    ...(user === '' ? {} : { username: user }),
    ...(secret === undefined || secret === '' ? {} : { password: secret }),
  };
  return { address: `${protocol}://${broker.hostname}:${port}`, settings };
}

/** Twice as long, give or take a quarter, so that a house full of clients does not come back in step. */
function nextWait(waitMs: number): number {
  return Math.min(MOST_RECONNECT_MS, waitMs * (1.75 + Math.random() / 2));
}

/** The client writes Buffers; this is a view, not a copy. */
function asPayload(payload: string | Uint8Array): Buffer {
  return typeof payload === 'string'
    ? Buffer.from(payload)
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}

function offline(address: string): FalconetError {
  const hint = 'See why the broker could not be reached in the lines above';
  return new FalconetError('SINK_OFFLINE', 'mqtt: closed before the broker answered', {
    hint,
    facts: { address },
  });
}
