import { expect, test } from 'vitest';
import { brokerFault } from '../../src/sinks/broker-fault.ts';

const failing = (code: unknown) => Object.assign(new Error('rtsp://u:p@ss@cam'), { code });

test.each([
  { code: 4, sentence: 'wrong user name or password' },
  { code: 5, sentence: 'not authorised' },
  { code: 99, sentence: 'the connection failed' },
  { code: 'ECONNREFUSED', sentence: 'connection refused' },
  { code: 'ENOTFOUND', sentence: 'no such host' },
  { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', sentence: 'the certificate of the broker is not trusted' },
  { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', sentence: 'the certificate of the broker is not trusted' },
  { code: 'CERT_HAS_EXPIRED', sentence: 'the certificate of the broker is not trusted' },
  { code: 'EPIPE', sentence: 'the connection failed with EPIPE' },
  { code: undefined, sentence: 'the connection failed' },
])('$code is $sentence, with a hint and nothing of the message', ({ code, sentence }) => {
  const fault = brokerFault(failing(code));
  expect(fault.sentence).toBe(sentence);
  expect(fault.hint).not.toBe('');
  expect(JSON.stringify(fault)).not.toContain('p@ss');
});
