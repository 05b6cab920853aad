import type { BrokerFault } from './fault.ts';

const SELF_SIGNED: BrokerFault = {
  sentence: 'the certificate of the broker is self-signed',
  hint: 'Name the certificate, or that of its issuer, in mqtt.ca',
};
const UNKNOWN_ISSUER: BrokerFault = {
  sentence: 'the certificate of the broker comes from an issuer that is not trusted here',
  hint: "Name the issuer's certificate in mqtt.ca",
};
const NO_CLIENT_CERTIFICATE: BrokerFault = {
  sentence: 'the broker asks for a certificate of this gateway',
  hint: 'Name one in mqtt.cert, and its key in mqtt.key',
};
const BAD_CLIENT_CERTIFICATE: BrokerFault = {
  sentence: 'the broker does not trust the certificate of this gateway',
  hint: "Check mqtt.cert, and that the broker knows its issuer's certificate",
};
const NO_TLS: BrokerFault = {
  sentence: 'the broker does not speak TLS on this port',
  hint: 'Check the port in mqtt.url (8883 is usual for TLS), or write mqtt://',
};

/** Verification codes of OpenSSL, as `tls` in Node names them (X509_verify_cert_error_string). */
const CERTIFICATE: Readonly<Record<string, BrokerFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  CERT_SIGNATURE_FAILURE: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: {
    sentence: 'the certificate of the broker has expired',
    hint: 'Renew it; where it is good, set the clock of this machine',
  },
  CERT_NOT_YET_VALID: {
    sentence: 'the certificate of the broker is not valid yet',
    hint: 'Set the clock of this machine',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    sentence: 'the certificate of the broker is for another host name',
    hint: 'Write the host in mqtt.url as in the certificate, or name that in mqtt.tls_server_name',
  },
};

/** Alerts of the other side (RFC 8446, section 6.2) and of OpenSSL's reader; the version in a name varies. */
const HANDSHAKE: readonly (readonly [code: RegExp, fault: BrokerFault])[] = [
  [/ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)$/, NO_CLIENT_CERTIFICATE],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|UNKNOWN|REVOKED))$/, BAD_CLIENT_CERTIFICATE],
  [/(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE)$/, NO_TLS],
];

/** The words for an error code of a TLS connection; undefined for any other. */
export function tlsFault(code: string): BrokerFault | undefined {
  return CERTIFICATE[code] ?? HANDSHAKE.find(([pattern]) => pattern.test(code))?.[1];
}
