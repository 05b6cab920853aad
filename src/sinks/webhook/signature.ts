import { createHmac } from 'node:crypto';

export interface Signed {
  /** Names the delivery; the same when it is sent again. */
  readonly id: string;
  /** s since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/** What stands before a secret that is written in base64. */
const BASE64_PREFIX = 'whsec_';

/**
 * `v1,` and the HMAC-SHA256, in base64, of `<id>.<timestamp>.<body>`: the symmetric signature of Standard Webhooks
 * (github.com/standard-webhooks/standard-webhooks, "Signature scheme"), which libraries in many languages check.
 *
 * @param secret - `whsec_` and base64 as that asks for, or any other text, whose bytes are the key then.
 */
export function signatureOf({ id, timestamp, body }: Signed, secret: string): string {
  const key = secret.startsWith(BASE64_PREFIX)
    ? Buffer.from(secret.slice(BASE64_PREFIX.length), 'base64')
    : Buffer.from(secret);
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}
