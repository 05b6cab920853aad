import { createHash } from 'node:crypto';
import { durationMs } from '../config/schema/time.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { SinkPlan } from '../sinks/sink-set.ts';
import { webhookSink } from '../sinks/webhook/webhook.ts';

type WebhookConfig = Extract<NonNullable<Config['sinks']>[number], { readonly type: 'webhook' }>;

export function webhookPlan(
  config: WebhookConfig,
  /** `maxAgeMs`: how long an event may wait. */
  tools: { readonly maxAgeMs: number; readonly log: Log; readonly clock: Clock },
): SinkPlan {
  const { url, format, secret, headers, events: types, timeout } = config;
  // An address may hold a secret, and the outbox's name is written to disk.
  const place = `webhook ${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
  return {
    name: 'webhook',
    place,
    takesPictures: format === 'multipart',
    key: JSON.stringify(config),
    open: () =>
      webhookSink({ url, format, secret, headers, types, timeoutMs: durationMs(timeout), ...tools }),
  };
}
