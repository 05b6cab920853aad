import { z } from 'zod';
import { isLoopback } from '../../core/loopback.ts';
import { addressOf, listenAddress } from './address.ts';
import { secret } from './text.ts';

export const metrics = z
  .strictObject({
    listen: listenAddress('127.0.0.1:9585')
      .default('127.0.0.1:9585')
      .meta({ title: 'Address and port; on any but 127.0.0.1 and ::1 there must be a token' }),
    token: secret
      .optional()
      .meta({ title: 'What /metrics is asked with, as a bearer token', examples: ['${METRICS_TOKEN}'] }),
  })
  .superRefine(({ listen, token }, context) => {
    const { host } = addressOf(listen);
    if (isLoopback(host) || token !== undefined) return;
    const message = `expected a token, since others can reach ${host}`;
    context.addIssue({ code: 'custom', path: ['token'], message });
  });
