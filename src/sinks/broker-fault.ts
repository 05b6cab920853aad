import type { BrokerFault } from './fault.ts';
import { tlsFault } from './tls-fault.ts';

/** What is read of an error of the MQTT client. */
export interface ClientError {
  readonly code?: unknown;
  readonly message?: string;
}

const BAD_CREDENTIALS: BrokerFault = {
  sentence: 'wrong user name or password',
  hint: 'Check mqtt.username and mqtt.password',
};
const NOT_AUTHORISED: BrokerFault = {
  sentence: 'not authorised',
  hint: 'Check mqtt.username, mqtt.password and the access list of the broker',
};
const BAD_CLIENT_ID: BrokerFault = {
  sentence: 'the broker refused the client id',
  hint: 'Set mqtt.client_id to one that the broker allows',
};
const UNAVAILABLE: BrokerFault = {
  sentence: 'the broker is not available',
  hint: 'Look at the log of the broker',
};

/** CONNACK return codes of MQTT 3.1.1 (table 3.1), and reason codes of MQTT 5 (section 2.4). */
const REFUSALS: Readonly<Record<number, BrokerFault>> = {
  2: BAD_CLIENT_ID,
  3: UNAVAILABLE,
  4: BAD_CREDENTIALS,
  5: NOT_AUTHORISED,
  133: BAD_CLIENT_ID,
  134: BAD_CREDENTIALS,
  135: NOT_AUTHORISED,
  136: UNAVAILABLE,
  137: { sentence: 'the broker is busy', hint: 'Look at the load of the broker' },
  138: { sentence: 'the broker has banned this client', hint: 'Look at the access list of the broker' },
  139: { sentence: 'the broker is shutting down', hint: 'Look at the log of the broker' },
  149: { sentence: 'a message was too large for the broker', hint: 'Raise max_packet_size of the broker' },
  151: { sentence: 'the quota at the broker is used up', hint: 'Raise the quota at the broker' },
  159: {
    sentence: 'too many connections at once for the broker',
    hint: 'Raise the rate that the broker allows',
  },
};

/** MQTT 3.1.1: unacceptable protocol version; MQTT 5: unsupported protocol version. */
const WRONG_VERSION = new Set<unknown>([1, 132]);

/** Also what MQTT on a TLS port meets, and what brokers older than MQTT 5 may do with it. */
export const HUNG_UP: BrokerFault = {
  sentence: 'the broker hung up',
  hint: 'Check that the port in mqtt.url speaks MQTT, over TLS for mqtts:// only; with an old broker set mqtt.version: 3.1.1',
};

const NETWORK: Readonly<Record<string, BrokerFault>> = {
  ECONNREFUSED: { sentence: 'connection refused', hint: 'Start the broker, or check the port in mqtt.url' },
  ENOTFOUND: { sentence: 'no such host', hint: 'Check the host in mqtt.url' },
  EAI_AGAIN: { sentence: 'the name server does not answer', hint: 'Check the network of this machine' },
  EHOSTUNREACH: { sentence: 'host unreachable', hint: 'Check the host in mqtt.url and the network' },
  ENETUNREACH: { sentence: 'network unreachable', hint: 'Check the network of this machine' },
  ECONNRESET: HUNG_UP,
  EPIPE: HUNG_UP,
  ETIMEDOUT: { sentence: 'no answer', hint: 'Check the host in mqtt.url and the firewall' },
};

/** What the client says without a code. */
const UNCODED: Readonly<Record<string, BrokerFault>> = {
  'connack timeout': {
    sentence: 'the broker took the connection and said nothing',
    hint: 'Check that the port in mqtt.url speaks MQTT, and that the broker is not stuck',
  },
  'Message removed': {
    sentence: 'the broker hung up each time it came',
    hint: 'Raise the size of packets that the broker takes (mosquitto: max_packet_size), or allow the topic in its access list',
  },
  'Keepalive timeout': {
    sentence: 'the broker does not answer any more',
    hint: 'Check the network, and that the broker is not stuck',
  },
};

/**
 * The words for an error of the MQTT client, or of a DISCONNECT packet. Unknown errors keep only their code: a
 * message may hold what must not be logged.
 *
 * @param version - that was spoken.
 */
export function brokerFault(error: ClientError, version: 4 | 5): BrokerFault {
  const { code, message = '' } = error;
  if (isWrongVersion(error)) return versionFault(version);
  if (typeof code === 'number') return REFUSALS[code] ?? unknown(`code ${code}`);
  if (typeof code !== 'string') return UNCODED[message] ?? unknown();
  return NETWORK[code] ?? tlsFault(code) ?? unknown(code);
}

/** Whether the broker refused because of the protocol's version. */
export function isWrongVersion({ code }: ClientError): boolean {
  return WRONG_VERSION.has(code);
}

function versionFault(version: 4 | 5): BrokerFault {
  const spoken = version === 5 ? '5' : '3.1.1';
  return {
    sentence: `the broker does not speak MQTT ${spoken}`,
    hint: 'Set mqtt.version: auto, or update the broker',
  };
}

function unknown(what?: string): BrokerFault {
  const end = what === undefined ? '' : ` with ${what}`;
  return { sentence: `the connection failed${end}`, hint: 'Check mqtt.url' };
}
