import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  detectSettings,
  fileOutSettings,
  gatewaySettings,
  modelSettings,
  nodeBroker,
  nodeCamera,
  nodeDashboard,
  previewSettings,
} from '../../src/config/node-settings.ts';
import { packageRoot } from '../../src/core/package-root.ts';

const NODES = [
  'model',
  'detect',
  'camera',
  'camera-in',
  'track',
  'preview',
  'gateway',
  'broker',
  'mqtt-out',
  'file-out',
  'dashboard-out',
];
const LANGUAGES = ['en-US', 'de'];

interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

function read(node: string, file: string): string {
  return readFileSync(join(packageRoot, 'nodes', node, file), 'utf8');
}

function catalogue(node: string, language: string): Map<string, string> {
  return flat(JSON.parse(read(node, `locales/${language}/${node}.json`)));
}

function flat(tree: Catalogue, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

interface Field {
  readonly value: unknown;
  readonly validate?: (this: { _(key: string): string }, value: string, options: object) => true | string;
}

/** What the editor fills into a new node, and how it checks that. */
function defaults(node: string): Record<string, Field> {
  let definition: { defaults: Record<string, Field> } | undefined;
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(read(node, `${node}.html`))?.[1];
  const RED = { nodes: { registerType: (_type: string, given: typeof definition) => (definition = given) } };
  new Function('RED', script ?? '')(RED);
  return definition?.defaults ?? {};
}

describe.each(NODES)('%s', (node) => {
  test('has every text in every language', () => {
    const english = [...catalogue(node, 'en-US').keys()].sort();
    for (const language of readdirSync(join(packageRoot, 'nodes', node, 'locales'))) {
      const texts = catalogue(node, language);
      expect([...texts.keys()].sort(), language).toEqual(english);
      expect([...texts.values()].filter((text) => text.trim() === '')).toEqual([]);
    }
  });

  test.each(LANGUAGES)('its dialog shows only texts that there are, in %s', (language) => {
    const texts = catalogue(node, language);
    const html = read(node, `${node}.html`);
    const used = [...html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"|this\._\('([^']+)'\)/g)].map(
      ([, attribute, call]) => attribute ?? call ?? '',
    );
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((key) => !texts.has(key))).toEqual([]);
  });

  test.each(LANGUAGES)('its help says what goes in, what comes out and the details, in %s', (language) => {
    const help = read(node, `locales/${language}/${node}.html`);
    expect(help).toContain(`data-help-name="falconet-${node}"`);
    expect(help.match(/<h3>/g)).toHaveLength(3);
  });

  test('every field of its dialog has a label', () => {
    const html = read(node, `${node}.html`);
    const fields = [...html.matchAll(/<(?:input|select)[^>]* id="([^"]+)"/g)].map(([, id]) => id);
    const labelled = [...html.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id);
    expect(fields.length).toBeGreaterThan(1);
    expect(labelled).toEqual(fields);
  });
});

test.each(LANGUAGES)('every status is shorter than 20 characters in %s', (language) => {
  const texts = NODES.flatMap((node) => [...catalogue(node, language)]);
  const statuses = texts.filter(([key]) => key.includes('.status.'));
  expect(statuses.filter(([, text]) => text.length >= 20)).toEqual([]);
});

test('a new node starts with the defaults of falconet.yaml', () => {
  const { path, engine, processes } = modelSettings({});
  expect(defaults('model')).toMatchObject({
    model: { value: path },
    engine: { value: engine },
    processes: { value: processes },
    version: { value: 1 },
  });
  expect(defaults('detect')).toMatchObject({
    score: { value: String(detectSettings({}).score) },
    version: { value: 1 },
  });
  const { width, rate } = previewSettings({});
  expect(defaults('preview')).toMatchObject({
    width: { value: String(width) },
    rate: { value: String(rate) },
    version: { value: 1 },
  });
  const { name, base_topic: baseTopic } = gatewaySettings({});
  expect(defaults('gateway')).toMatchObject({ name: { value: name }, baseTopic: { value: baseTopic } });
  const { url, version, tls_verify: verify } = nodeBroker({ url: 'mqtt://localhost:1883' }, '/').mqtt;
  expect(defaults('broker')).toMatchObject({
    url: { value: url },
    protocol: { value: version },
    verify: { value: verify },
  });
  expect(defaults('dashboard-out')).toMatchObject({
    listen: { value: nodeDashboard({}, '/').settings.listen },
    frameAncestors: { value: '' },
    version: { value: 1 },
  });
  const file = defaults('file-out');
  const written = Object.fromEntries(
    ['path', 'format', 'images', 'gzip'].map((field) => [field, file[field]?.value]),
  );
  expect(fileOutSettings(written)).toMatchObject(written);
  const { fps, mode, hwaccel, masks } = nodeCamera('drive', { source: 'demo' }, '/').settings;
  expect(defaults('camera')).toMatchObject({
    fps: { value: String(fps) },
    mode: { value: mode },
    hwaccel: { value: hwaccel },
    privacy: { value: masks.privacy },
    version: { value: 2 },
  });
});

test.each([
  { node: 'model', field: 'processes', good: ['auto', '1', '64'], bad: ['', '0', '65', '1.5', 'all'] },
  { node: 'camera', field: 'name', good: ['drive', 'a-1_b'], bad: ['', 'Drive', 'a b', 'a/b'] },
  { node: 'camera', field: 'fps', good: ['0.1', '5', '30'], bad: ['', '0', '31', 'many'] },
  { node: 'camera', field: 'interval', good: ['1', '3600'], bad: ['', '0', '3601'] },
  { node: 'preview', field: 'width', good: ['64', '1280'], bad: ['', '63', '1281', '99.5'] },
  { node: 'preview', field: 'rate', good: ['0.1', '5'], bad: ['', '0', '6', 'often'] },
  { node: 'gateway', field: 'name', good: ['home', 'a-1_b'], bad: ['', 'Home', 'a b', 'a/b'] },
  {
    node: 'gateway',
    field: 'baseTopic',
    good: ['falconet', 'a/b'],
    bad: ['', '/a', 'a/', 'a b', 'a/#', '+'],
  },
  {
    node: 'gateway',
    field: 'folder',
    good: ['', 'falconet', 'data/eyes', '..a'],
    bad: ['/etc', '..', '../a', 'a/../b', 'C:\\a'],
  },
  {
    node: 'broker',
    field: 'url',
    good: ['mqtt://b', 'mqtts://b:8883', '${BROKER}'],
    bad: ['', 'b:1883', 'http://b', 'mqtt://', '${HOST}:1883', 'mqtt://${HOST}:1883'],
  },
  { node: 'file-out', field: 'maxMb', good: ['', '0.001', '100'], bad: ['0', 'much'] },
  { node: 'file-out', field: 'keepDays', good: ['', '0.01', '90'], bad: ['0', '40000', 'ever'] },
  { node: 'file-out', field: 'keepGb', good: ['', '0.001', '5'], bad: ['0', '200000', 'all'] },
  { node: 'file-out', field: 'path', good: ['events.jsonl', '%Y/%m.jsonl', '100%%'], bad: ['', '%q', '50%'] },
  {
    node: 'dashboard-out',
    field: 'listen',
    good: ['127.0.0.1:8585', '[::1]:80', '0.0.0.0:65535', 'cameras.lan:1'],
    bad: ['', '8585', 'cameras.lan', '127.0.0.1:65536', 'http://127.0.0.1:80'],
  },
  {
    node: 'dashboard-out',
    field: 'frameAncestors',
    good: ['', 'http://127.0.0.1:1880', 'https://red.lan, http://[::1]:1880'],
    bad: ['*', 'http://*.lan', '127.0.0.1:1880', "'self'", 'http://red.lan/ui'],
  },
  { node: 'detect', field: 'score', good: ['0.1', '0.4', '1'], bad: ['', '0.09', '1.1', 'much'] },
])(
  'the dialog of $node says why $field is wrong, where the configuration would',
  ({ node, field, good, bad }) => {
    const { validate } = defaults(node)[field] as Required<Field>;
    const check = (value: string) => validate.call({ _: (key) => key }, value, {});
    expect(validate).toHaveLength(2);
    expect(good.map(check)).toEqual(good.map(() => true));
    expect(bad.map(check)).toEqual(bad.map(() => `falconet-${node}.wrong.${field}`));
  },
);
