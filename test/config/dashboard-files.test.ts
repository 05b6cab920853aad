import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDashboardFiles } from '../../src/config/dashboard-files.ts';
import { configSchema } from '../../src/config/schema.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test.each([
  { name: 'a pair', cert: 'client.pem', key: 'client-key.pem', mistakes: [] },
  {
    name: 'a key of another certificate',
    cert: 'client.pem',
    key: 'server-key.pem',
    mistakes: [['key', /server-key\.pem is not the key of the certificate in dashboard\.cert$/]],
  },
  {
    name: 'a text',
    cert: 'text.pem',
    key: 'text.pem',
    mistakes: [
      ['cert', /text\.pem holds no PEM certificate$/],
      ['key', /text\.pem holds no PEM key that can be read without a passphrase$/],
    ],
  },
  {
    name: 'a certificate that is gone',
    cert: 'gone.pem',
    key: 'server-key.pem',
    mistakes: [['cert', /gone\.pem cannot be read: no such file$/]],
  },
])('the certificate of the dashboard is looked at before it is shown: $name', ({ cert, key, mistakes }) => {
  const folder = tempFolder();
  cpSync(join(packageRoot, 'test/fixtures/tls/broker'), folder, { recursive: true });
  writeFileSync(join(folder, 'text.pem'), 'hunter2');
  const config = configSchema.parse({
    cameras: { drive: { source: 'demo' } },
    dashboard: { cert, key },
  });
  expect(readDashboardFiles(config, folder).mistakes).toEqual(
    mistakes.map(([of, says]) => ({ path: ['dashboard', of], message: expect.stringMatching(says ?? '') })),
  );
});
