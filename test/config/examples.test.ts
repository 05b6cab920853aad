import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { checkLabels } from '../../src/daemon/check-labels.ts';
import { loadManifest } from '../../src/detector/manifest.ts';

const examples = readdirSync(join(packageRoot, 'examples')).filter((name) => name.endsWith('.yaml'));

test.each(examples)('%s can be used as it stands, but for its addresses', async (example) => {
  const text = readFileSync(join(packageRoot, 'examples', example), 'utf8');
  const environment = { DRIVE_PASSWORD: 'hunter2' };
  const loaded = parseConfig(text, { name: example, folder: '/', environment });
  const { labels } = await loadManifest('tiny-ssd');
  expect(() => checkLabels(loaded, labels)).not.toThrow();
});

test('a label that the model does not know is a mistake wherever it is named, with its line', async () => {
  const text = [
    'cameras:',
    '  a:',
    '    source: a.mp4',
    '    labels: { unicorn: {} }',
    '    zones:',
    '      gate: { polygon: [[0, 0], [1, 0], [1, 1]], labels: [person, gnome] }',
    '    lines: { kerb: { from: [0, 0], to: [1, 1], labels: [yeti] } }',
  ].join('\n');
  const loaded = parseConfig(text, { name: 'f', folder: '/', environment: {} });
  expect(() => checkLabels(loaded, ['person', 'car'])).toThrow(
    [
      'f has 3 mistakes:',
      '  f:4:15 cameras.a.labels.unicorn: expected a label of the model, which are person, car',
      '  f:6:67 cameras.a.zones.gate.labels.1: expected a label of the model, which are person, car',
      '  f:7:57 cameras.a.lines.kerb.labels.0: expected a label of the model, which are person, car',
    ].join('\n'),
  );
});
