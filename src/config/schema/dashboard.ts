import { z } from 'zod';
import { isLoopback } from '../../core/loopback.ts';
import { NOBODYS_HASH, PASSWORD_HASH } from '../../core/password-hash.ts';
import { addressOf, listenAddress } from './address.ts';
import { file, textOf } from './text.ts';

/** Of a site: no path, and no wildcard, which would let any site in that somebody puts there. */
const ORIGIN = /^https?:\/\/(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;
const HASH_TEXT = 'what falconet password prints';
const user = z.strictObject({
  password_hash: z
    .string()
    .regex(PASSWORD_HASH, `expected ${HASH_TEXT}`)
    .meta({
      title: 'The password as `falconet password` prints it, in quotes',
      expected: HASH_TEXT,
      secret: true,
      examples: [NOBODYS_HASH],
    }),
  role: z
    .enum(['view', 'admin'])
    .default('view')
    .meta({ title: 'view looks on; admin may also change the configuration' }),
});

export const dashboard = z
  .strictObject({
    listen: listenAddress('127.0.0.1:8585')
      .default('127.0.0.1:8585')
      .meta({ title: 'Address and port; on any but 127.0.0.1 and ::1 there must be users' }),
    users: z
      .record(textOf(/^[\p{L}\p{N}._@-]{1,60}$/u, '1 to 60 letters, digits and . _ @ -'), user)
      .optional()
      .meta({
        title: 'Who may look, each by name; without it everybody at this machine',
        examples: ['anna'],
      }),
    cert: file
      .optional()
      .meta({ title: 'Certificate (PEM) to show, for https', examples: ['certs/page.pem'] }),
    key: file.optional().meta({ title: 'Key (PEM) of dashboard.cert', examples: ['certs/page.key'] }),
    frame_ancestors: z
      .array(textOf(ORIGIN, 'an origin such as http://127.0.0.1:1880'))
      .max(20)
      .optional()
      .meta({
        title:
          'Other sites that may show the page in a frame, each by scheme, host and port; without it none',
        examples: [['http://192.168.1.10:1880']],
      }),
  })
  .superRefine(({ listen, users, cert, key }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { host } = addressOf(listen);
    if (!isLoopback(host) && Object.keys(users ?? {}).length === 0) {
      refuse('users', `expected users, since others can reach ${host}`);
    }
    if (cert !== undefined && key === undefined) refuse('cert', 'expected dashboard.key beside it');
    if (key !== undefined && cert === undefined) refuse('key', 'expected dashboard.cert beside it');
  });
