import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/generate.ts';
import { parseConfig } from '../../src/config/load.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

test.each(generatedFiles())('$path is what the code says; if not: npm run generate', ({ path, text }) => {
  expect(read(path)).toBe(text);
});

describe('the example', () => {
  const example = read('falconet.example.yml');
  /** `#key` becomes a key; remarks have a blank after the sign. */
  const allOfIt = example.replaceAll(/^( *)#(?=[^ #])/gm, '$1');
  const noSecrets = (text: string): string => text.replaceAll(/\$\{.*?\}/g, 'x');
  const load = (text: string) =>
    parseConfig(noSecrets(text), { name: 'example', folder: tempFolder(), environment: {} });

  test('is a configuration as it stands', () => {
    expect(load(example).config).toMatchObject({ mqtt: {}, cameras: { drive: {} } });
  });

  test('says of each optional key its default', () => {
    const { config } = load(example);
    expect(parse(allOfIt)).toMatchObject(config);
  });

  test('and the one of the README satisfy the JSON Schema, and a wrong one does not', () => {
    const [, readme = ''] = /```yaml\n(gateway: .*?)```/s.exec(read('README.md')) ?? [];
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('schemas/config.schema.json')));
    for (const text of [example, allOfIt, readme]) {
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate({ cameras: { drive: { source: 'a.mp4', fps: 60 } } })).toBe(false);
  });
});

test('every key of the configuration is explained', () => {
  const rows = read('docs/config.md').match(/^\| `.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row).toMatch(/^\| `\w+` \| \w/);
});
