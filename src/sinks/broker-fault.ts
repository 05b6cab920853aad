/** What went wrong with a broker, for the log: a sentence and what the operator can do. */
export interface BrokerFault {
  readonly sentence: string;
  readonly hint: string;
}

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const REFUSALS: Readonly<Record<number, BrokerFault>> = {
  1: { sentence: 'the broker does not speak MQTT 3.1.1', hint: 'Update the broker' },
  2: { sentence: 'the broker refused the client id', hint: 'Allow client ids that start with falconet-' },
  3: { sentence: 'the broker is not available', hint: 'Look at the log of the broker' },
  4: { sentence: 'wrong user name or password', hint: 'Check mqtt.username and mqtt.password' },
  5: {
    sentence: 'not authorised',
    hint: 'Check mqtt.username, mqtt.password and the access list of the broker',
  },
};

const NETWORK: Readonly<Record<string, BrokerFault>> = {
  ECONNREFUSED: { sentence: 'connection refused', hint: 'Start the broker, or check the port in mqtt.url' },
  ENOTFOUND: { sentence: 'no such host', hint: 'Check the host in mqtt.url' },
  EAI_AGAIN: { sentence: 'the name server does not answer', hint: 'Check the network of this machine' },
  EHOSTUNREACH: { sentence: 'host unreachable', hint: 'Check the host in mqtt.url and the network' },
  ENETUNREACH: { sentence: 'network unreachable', hint: 'Check the network of this machine' },
  ETIMEDOUT: { sentence: 'no answer', hint: 'Check the host in mqtt.url and the firewall' },
  ECONNRESET: { sentence: 'the broker hung up', hint: 'Check that the port in mqtt.url speaks MQTT' },
};

const CERTIFICATE: BrokerFault = {
  sentence: 'the certificate of the broker is not trusted',
  hint: 'Start with NODE_EXTRA_CA_CERTS naming the certificate of its issuer',
};

/**
 * The words for an error of the MQTT client. Unknown errors keep only their code: a message may hold what must
 * not be logged.
 */
export function brokerFault(error: Error & { readonly code?: unknown }): BrokerFault {
  const { code } = error;
  if (typeof code === 'number' && REFUSALS[code] !== undefined) return REFUSALS[code];
  if (typeof code !== 'string') return { sentence: 'the connection failed', hint: 'Check mqtt.url' };
  if (/CERT|SIGNATURE|SELF_SIGNED/.test(code)) return CERTIFICATE;
  return NETWORK[code] ?? { sentence: `the connection failed with ${code}`, hint: 'Check mqtt.url' };
}
