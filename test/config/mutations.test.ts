import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { parseConfig } from '../../src/config/load.ts';
import { FalconetError } from '../../src/core/error.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

/** Each password has this in it, whole or percent-encoded. */
const MARK = /hunter/i;
const ENVIRONMENT = { MQTT_PASSWORD: 'Hunter 1: "#', DRIVE_PASSWORD: "hunter2'@%", HOST: '10.0.0.9' };
/** 10,000 take a quarter of a minute: `MUTATIONS=10000 npx vitest run test/config/mutations.test.ts`. */
const RUNS = Number(process.env['MUTATIONS'] ?? 2_000);

const WHOLE = `gateway: home
mqtt:
  url: "mqtts://falconet:hunter%203@broker.lan:8883"
  base_topic: falconet
model: { path: tiny-ssd, engine: auto, processes: 2 }
ffmpeg: { path: /usr/bin/ffmpeg }
cameras:
  drive:
    source: rtsp://\${HOST}/sub?password=hunter4
    username: viewer
    password: "\${DRIVE_PASSWORD}"
    fps: 5
    labels: &labels
      person: { score: 0.5 }
      car: { score: 0.6, min_area: 0.01, zones: [kerb], cooldown: 30s }
    zones:
      kerb: { polygon: [[0.1, 0.6], [0.4, 0.6], [0.4, 1]], labels: [car], dwell: 2s, crowd: { count: 3, for: 10s } }
    lines: { kerb: { from: [0, 0.8], to: [1, 0.8] } }
    masks: { object: [[[0.8, 0], [1, 0], [1, 0.3]]] }
    schedule: [{ days: [sat, sun], from: "22:00", to: "06:00" }]
  porch:
    source: "rtsp://viewer:\${MQTT_PASSWORD}@10.0.0.6/s"
    zones:
      kerb: { polygon: [[0, 0], [1, 0], [1, 1]] }
    labels: *labels
  gate:
    source: rtsp://10.0.0.7/s
    username: viewer
    password: hunter5
  shed: { source: "rtsp://10.0.0.8/", username: u, password: "\${file:shed}" }
  clip: { source: clips/a.mp4, loop: true }
sinks:
  - type: mqtt
  - { type: file, path: "events/%Y-%m-%d.jsonl", images: true }
log: { level: debug }
`;

type Mutation = (text: string) => string;

const at = (length: number, share: number): number => Math.floor(share * length);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const VALUE = /(?<=: )[^{\n,}]+/g;
const linesOf = (text: string): string[] => text.split('\n');

/** What people type, and what breaks parsers. */
const FRAGMENTS = [
  ...[
    ' ',
    '\n',
    '\t',
    '\r',
    ':',
    ': ',
    '-',
    '- ',
    '#',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '|',
    '>',
    '&a ',
    '*a',
  ],
  ...[
    '!',
    '!!binary ',
    '%',
    '@',
    '`',
    '?',
    '? ',
    '---\n',
    '...',
    '<<: ',
    '\\',
    '\0',
    '\u2028',
    '😀',
    '\ud800',
  ],
  ...[
    '${',
    '${HOST}',
    '${NOT_SET}',
    '${file:nowhere}',
    '${file:.}',
    '__proto__',
    'constructor',
    '~',
    'null',
    'yes',
  ],
  ...[
    '-1',
    '1e999',
    '.nan',
    '0x10',
    '2026-11-25',
    '"\\ud800"',
    '"\\q"',
    'rtsp://',
    'file://',
    'mqtt://',
    'http://[::1',
  ],
];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.constantFrom(...FRAGMENTS)).map(([where, fragment]) => (text: string) => {
    const i = at(text.length, where);
    return text.slice(0, i) + fragment + text.slice(i);
  }),
  fc.tuple(share, fc.nat(12)).map(([where, count]) => (text: string) => {
    const i = at(text.length, where);
    return text.slice(0, i) + text.slice(i + count);
  }),
  share.map((where) => (text: string) => text.slice(0, at(text.length, where))),
  share.map(
    (where) => (text: string) =>
      linesOf(text)
        .toSpliced(at(linesOf(text).length, where), 1)
        .join('\n'),
  ),
  fc.tuple(share, share).map(([from, to]) => (text: string) => {
    const lines = linesOf(text);
    return lines.toSpliced(at(lines.length, to), 0, lines[at(lines.length, from)] ?? '').join('\n');
  }),
  fc.tuple(share, fc.nat(6)).map(([where, blanks]) => (text: string) => {
    const lines = linesOf(text);
    const i = at(lines.length, where);
    return lines.with(i, ' '.repeat(blanks) + lines[i]?.trimStart()).join('\n');
  }),
  // Two values in each other's place, such as a password as a rate.
  fc.tuple(share, share).map(([one, other]) => (text: string) => {
    const values = [...text.matchAll(VALUE)];
    const [first, second] = [values[at(values.length, one)], values[at(values.length, other)]].sort(
      (a, b) => (a?.index ?? 0) - (b?.index ?? 0),
    );
    if (first === undefined || second === undefined || first === second) return text;
    const between = text.slice(first.index + first[0].length, second.index);
    const rest = text.slice(second.index + second[0].length);
    return text.slice(0, first.index) + second[0] + between + first[0] + rest;
  }),
  fc.tuple(share, fc.constantFrom(...FRAGMENTS)).map(([where, fragment]) => (text: string) => {
    const values = [...text.matchAll(VALUE)];
    const target = values[at(values.length, where)];
    if (target === undefined) return text;
    return text.slice(0, target.index) + fragment + text.slice(target.index + target[0].length);
  }),
);

test('no mutated configuration crashes the loader, each mistake has its line, none tells a password', () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'shed'), 'hunter6\n');
  const parse = (text: string) => parseConfig(text, { name: 'f.yaml', folder, environment: ENVIRONMENT });
  expect([...parse(WHOLE).sources.keys()]).toEqual(['drive', 'porch', 'gate', 'shed', 'clip']);

  let refused = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const text = mutations.reduce((before, mutate) => mutate(before), WHOLE);
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof FalconetError) || error.code !== 'CONFIG_INVALID') throw error;
        refused++;
        const issues = error.facts['issues'] as ConfigIssue[];
        expect(issues.length).toBeGreaterThan(0);
        const lines = linesOf(text).length;
        for (const { line, column } of issues) {
          expect(line, text).toBeGreaterThanOrEqual(1);
          expect(line, text).toBeLessThanOrEqual(lines);
          expect(column, text).toBeGreaterThanOrEqual(1);
        }
        expect(error.message, text).not.toMatch(MARK);
      }
    }),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(RUNS / 2);
}, 120_000);
