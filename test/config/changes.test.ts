import { expect, test } from 'vitest';
import { changedParts } from '../../src/config/changes.ts';
import { parseConfig } from '../../src/config/load.ts';

const BASE = `mqtt: { url: "mqtt://h" }
cameras:
  drive: { source: "rtsp://10.0.0.5/s" }
  porch: { source: "rtsp://10.0.0.6/s", username: v, password: "\${PW}", labels: { person: {} } }
`;

function load(text: string, PW = 'one') {
  return parseConfig(text, { name: 'f.yaml', folder: '/etc', environment: { PW } });
}

test.each([
  { name: 'nothing', text: BASE, parts: [] },
  {
    name: 'remarks, order and written defaults',
    text: `# hello\ngateway: home\n${BASE}log: {}\n`,
    parts: [],
  },
  { name: 'the rate of a camera', text: BASE.replace('.5/s"', '.5/s", fps: 4'), parts: ['cameras.drive'] },
  {
    name: 'the score of a label',
    text: BASE.replace('person: {}', 'person: { score: 0.9 }'),
    parts: ['cameras.porch'],
  },
  { name: 'a camera more', text: `${BASE}  gate: { source: a.mp4 }\n`, parts: ['cameras.gate'] },
  { name: 'a camera less', text: BASE.replace(/ {2}drive.*\n/, ''), parts: ['cameras.drive'] },
  { name: 'the base topic', text: BASE.replace('"mqtt://h"', '"mqtt://h", base_topic: b'), parts: ['mqtt'] },
  { name: 'the engine', text: `${BASE}model: { engine: wasm }\n`, parts: ['model'] },
  { name: 'name and level', text: `${BASE}gateway: a\nlog: { level: warn }\n`, parts: ['gateway', 'log'] },
])('a reload touches what is another one and nothing else: $name', ({ text, parts }) => {
  expect(changedParts(load(BASE), load(text))).toEqual(parts);
});

test('a password that is another one, in the environment only', () => {
  expect(changedParts(load(BASE, 'one'), load(BASE, 'two'))).toEqual(['cameras.porch']);
});
