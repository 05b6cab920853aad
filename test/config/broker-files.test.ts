import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changedParts } from '../../src/config/changes.ts';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { parseConfig } from '../../src/config/load.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const FOLDER = join(packageRoot, 'test/fixtures/tls/broker');

function parse(mqtt: string, folder = FOLDER) {
  const text = `mqtt:\n  url: mqtts://broker\n${mqtt}cameras: { drive: { source: "rtsp://10.0.0.5/sub" } }\n`;
  return parseConfig(text, { name: 'falconet.yaml', folder, environment: {} });
}

function issues(mqtt: string, folder = FOLDER): readonly ConfigIssue[] {
  try {
    parse(mqtt, folder);
  } catch (error) {
    return (error as { facts: { issues: ConfigIssue[] } }).facts.issues;
  }
  return [];
}

test('certificates and a key are read from the folder of the configuration', () => {
  const { brokerFiles, config } = parse('  ca: ca.pem\n  cert: client.pem\n  key: client-key.pem\n');
  expect(brokerFiles.ca).toContain('BEGIN CERTIFICATE');
  expect(brokerFiles.key).toContain('BEGIN PRIVATE KEY');
  expect(config.mqtt).toMatchObject({ version: 'auto', tls_verify: true });
});

describe('a file that is of no use is one mistake with its line and its path', () => {
  const broken = () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'text.pem'), 'hunter2');
    mkdirSync(join(folder, 'certs'));
    return folder;
  };
  test.each([
    { name: 'missing', key: 'ca: gone.pem', says: /gone\.pem cannot be read: no such file$/ },
    { name: 'a folder', key: 'ca: certs', says: /certs cannot be read: is a folder$/ },
    { name: 'no certificate', key: 'ca: text.pem', says: /text\.pem holds no PEM certificate$/ },
  ])('$name', ({ key, says }) => {
    expect(issues(`  ${key}\n`, broken())).toEqual([
      { path: 'mqtt.ca', line: 3, column: 3, message: expect.stringMatching(says) },
    ]);
  });

  test('no key: and nothing of the file is told', () => {
    const folder = broken();
    const [mistake] = issues(`  cert: ${join(FOLDER, 'client.pem')}\n  key: text.pem\n`, folder);
    expect(mistake?.message).toBe(
      `${join(folder, 'text.pem')} holds no PEM key that can be read without a passphrase`,
    );
  });

  test('the key of another certificate', () => {
    expect(issues('  cert: client.pem\n  key: server-key.pem\n')).toEqual([
      expect.objectContaining({ path: 'mqtt.key', message: expect.stringContaining('not the key of') }),
    ]);
  });
});

test.each([
  { keys: '  cert: client.pem\n', path: 'mqtt.cert', message: 'expected mqtt.key beside it' },
  { keys: '  key: client-key.pem\n', path: 'mqtt.key', message: 'expected mqtt.cert beside it' },
  {
    keys: '  url: mqtt://broker\n  ca: ca.pem\n',
    path: 'mqtt.ca',
    message: 'expected an mqtts:// address beside it',
  },
  {
    keys: '  url: mqtt://broker\n  tls_verify: false\n',
    path: 'mqtt.tls_verify',
    message: 'expected an mqtts:// address beside it',
  },
  { keys: '  version: 4\n', path: 'mqtt.version', message: expect.stringContaining('3.1.1') },
])('$path alone is a mistake', ({ keys, path, message }) => {
  const text = keys.includes('url:') ? keys : `  url: mqtts://broker\n${keys}`;
  const all = `mqtt:\n${text}cameras: { drive: { source: "rtsp://10.0.0.5/sub" } }\n`;
  expect(() => parseConfig(all, { name: 'falconet.yaml', folder: FOLDER, environment: {} })).toThrow(
    expect.objectContaining({ facts: { issues: [expect.objectContaining({ path, message })] } }),
  );
});

test('a certificate that was renewed under the same name is a change', () => {
  const folder = tempFolder();
  const before = parse(`  ca: ${join(FOLDER, 'ca.pem')}\n`, folder);
  const after = { ...before, brokerFiles: { ca: 'another' } };
  expect(changedParts(before, before)).toEqual([]);
  expect(changedParts(before, after)).toEqual(['mqtt']);
});
