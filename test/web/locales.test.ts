import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { de } from '../../src/web/app/locales/de.ts';
import { en } from '../../src/web/app/locales/en.ts';

const app = join(packageRoot, 'src/web/app');
const sources = readdirSync(app).filter((name) => /[.]tsx?$/.test(name));
const code = sources.map((name) => readFileSync(join(app, name), 'utf8')).join('\n');
const gapsOf = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

test('German has every text of the page, and no other', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
});

test('a translation has the same places to fill in', () => {
  for (const [key, text] of Object.entries(en))
    expect(gapsOf(de[key as keyof typeof en]), key).toEqual(gapsOf(text));
});

test('no text is left over that the page does not use', () => {
  const families = [
    'state',
    'reason',
    'drop',
    'condition',
    'rule',
    'label',
    'nav',
    'events.line',
    'draw',
    'stage',
  ];
  const isOfFamily = (key: string): boolean => families.some((family) => key.startsWith(`${family}.`));
  const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`) && !isOfFamily(key));
  expect(unused).toEqual([]);
});

test('every object that the model knows has a word', () => {
  const network = JSON.parse(readFileSync(join(packageRoot, 'models/tiny-ssd/model.json'), 'utf8')) as {
    labels: string[];
  };
  expect(network.labels.filter((label) => !(`label.${label}` in en))).toEqual([]);
});
