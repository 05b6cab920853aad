import { expect, test } from 'vitest';
import { brokerFault } from '../../src/sinks/broker-fault.ts';

const failing = (code: unknown) => Object.assign(new Error('rtsp://u:p@ss@cam'), { code });

test.each([
  { code: 4, sentence: 'wrong user name or password' },
  { code: 5, sentence: 'not authorised' },
  { code: 99, sentence: 'the connection failed with code 99' },
  { code: 'ECONNREFUSED', sentence: 'connection refused' },
  { code: 'ENOTFOUND', sentence: 'no such host' },
  { code: 'EPIPE', sentence: 'the broker hung up' },
  { code: 'EISCONN', sentence: 'the connection failed with EISCONN' },
  { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', sentence: 'the certificate of the broker is self-signed' },
  {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    sentence: 'the certificate of the broker comes from an issuer that is not trusted here',
  },
  { code: 'CERT_HAS_EXPIRED', sentence: 'the certificate of the broker has expired' },
  {
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    sentence: 'the broker asks for a certificate of this gateway',
  },
  {
    code: 'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA',
    sentence: 'the broker does not trust the certificate of this gateway',
  },
  { code: 1, sentence: 'the broker does not speak MQTT 5' },
  { code: 135, sentence: 'not authorised' },
  { code: undefined, sentence: 'the connection failed' },
])('$code is $sentence, with a hint and nothing of the message', ({ code, sentence }) => {
  const fault = brokerFault(failing(code), 5);
  expect(fault.sentence).toBe(sentence);
  expect(fault.hint).not.toBe('');
  expect(JSON.stringify(fault)).not.toContain('p@ss');
});
