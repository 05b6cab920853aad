import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const { properties: parts = {} } = JSON.parse(
  readFileSync(join(packageRoot, 'schemas/config.schema.json'), 'utf8'),
) as JsonSchema;

/** Of the parts of a configuration that have keys, such as `mqtt.url`; model.json is a file. */
const DOTTED = new RegExp(`\\b(${Object.keys(parts).join('|')})\\.(?!json)([a-z_]+)\\b(?!\\()`, 'g');

/** In lines that tell people what to do. */
function keysInHints(): string[] {
  const lines = globSync('src/**/*.ts', { cwd: packageRoot }).flatMap((path) =>
    readFileSync(join(packageRoot, path), 'utf8').split('\n'),
  );
  const texts = lines.flatMap((line) => /\b(?:hint|HINT|key)\b.*?['"`](.*)['"`]/.exec(line)?.[1] ?? []);
  return texts.flatMap((text) => [...text.matchAll(DOTTED)].map(([key]) => key));
}

test.each([...new Set(keysInHints())])('%s, which a hint tells people to set, is a key', (key) => {
  const [part = '', name = ''] = key.split('.');
  expect(Object.keys(parts[part]?.properties ?? {})).toContain(name);
});

test('hints name keys of ffmpeg and of the broker', () => {
  expect(keysInHints()).toEqual(expect.arrayContaining(['ffmpeg.path', 'mqtt.url', 'model.engine']));
});
