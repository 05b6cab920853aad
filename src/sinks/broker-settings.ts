import type { IClientOptions } from 'mqtt';
import { FalconetError } from '../core/error.ts';
import type { Message } from './presence.ts';

/** For `mqtts://`; each text is PEM. */
export interface BrokerTls {
  /** Certificates that are trusted instead of those that Node brings. */
  readonly ca?: string;
  /** Of this gateway, with the certificates of its issuers below it. */
  readonly cert?: string;
  readonly key?: string;
  /** Whether the broker must show a trusted certificate for its host name. @default true */
  readonly verify?: boolean;
  /** Name that the broker's certificate must hold. @default the host of the address */
  readonly serverName?: string;
}

export interface ConnectionOptions {
  /** `mqtt://host:port` or `mqtts://host:port`; credentials in it count where `username` is not given. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A second client of the same id pushes the first one out (MQTT 3.1.1, section 3.1.4). */
  readonly clientId: string;
  /** `auto` tries MQTT 5 and goes on with 3.1.1 where the broker knows no other. @default 'auto' */
  readonly version?: 'auto' | 5 | '3.1.1';
  readonly tls?: BrokerTls;
  /** First wait before connecting again; doubles up to 30 s. @default 1000 */
  readonly reconnectMs?: number;
  /** How long a broker may take to answer a connection. @default 10_000 */
  readonly answerMs?: number;
  /** A connection on which nothing comes for one and a half times so long is dead (section 3.1.2.10). @default 30 */
  readonly keepaliveS?: number;
  /** What the broker publishes when the connection is lost. */
  readonly will?: Message;
}

export interface BrokerSettings {
  /** For the log: without credentials. */
  readonly address: string;
  readonly client: IClientOptions;
}

/** What a broker of MQTT 5 may send at most (section 3.1.2.11.4): requests are small, devices of others not so. */
const MOST_BYTES = 1_048_576;

/** @throws CONFIG_INVALID when the address is none of a broker. */
export function brokerSettings(options: ConnectionOptions): BrokerSettings {
  const { url, username, password, clientId, version = 'auto', will } = options;
  const { reconnectMs = 1000, answerMs = 10_000, keepaliveS = 30, tls } = options;
  const broker = URL.parse(url);
  const protocol = broker?.protocol.slice(0, -1);
  if (!broker?.hostname || (protocol !== 'mqtt' && protocol !== 'mqtts')) {
    // The address itself stays out: it may hold a password.
    throw new FalconetError('CONFIG_INVALID', 'mqtt: expected an address such as mqtt://localhost:1883');
  }
  const port = broker.port === '' ? { mqtt: 1883, mqtts: 8883 }[protocol] : Number(broker.port);
  const user = username ?? decodeURIComponent(broker.username);
  const secret = username === undefined ? decodeURIComponent(broker.password) : password;
  const client: IClientOptions = {
    protocol,
    host: broker.hostname.replace(/^\[|\]$/g, ''),
    port,
    clientId,
    protocolVersion: version === '3.1.1' ? 4 : 5, // numbers of section 3.1.2.2, which 3.1.1 calls 4
    // What was asked while the gateway was away is not to be carried out late, so no session is kept (MQTT 3.1.1,
    // section 3.1.2.4); with MQTT 5 it ends with the connection, since no expiry is asked for (section 3.1.2.11.2).
    clean: true,
    resubscribe: false, // broker.ts subscribes after each connect
    properties: { maximumPacketSize: MOST_BYTES },
    keepalive: keepaliveS,
    connectTimeout: answerMs,
    reconnectPeriod: reconnectMs,
    reconnectOnConnackError: true, // a password that is being changed must not need a restart
    ...(will !== undefined && {
      will: { topic: will.topic, payload: asPayload(will.payload), qos: 1, retain: will.retain },
    }),
    ...(user === '' ? {} : { username: user }),
    ...(secret === undefined || secret === '' ? {} : { password: secret }),
    ...(protocol === 'mqtts' && tlsSettings(tls)),
  };
  return { address: `${protocol}://${broker.hostname}:${port}`, client };
}

function tlsSettings({ ca, cert, key, verify = true, serverName }: BrokerTls = {}): IClientOptions {
  return {
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

/** The client writes Buffers; this is a view, not a copy. */
export function asPayload(payload: string | Uint8Array): Buffer {
  return typeof payload === 'string'
    ? Buffer.from(payload)
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}
