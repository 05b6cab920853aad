import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { bridgeInfoSchema } from '../../src/core/schema/bridge.ts';
import type { Switches } from '../../src/core/schema/switches.ts';
import { bridgeInfo } from '../../src/daemon/bridge-info.ts';

const CONFIG = `
mqtt: { url: 'mqtt://u:in-url@broker', homeassistant: true }
cameras:
  drive:
    source: rtsp://viewer:p%40ss@10.0.0.5/sub?token=in-query
    record: rtsp://10.0.0.5/main
    labels: { person: { score: 0.5 }, car: {} }
    zones:
      gate: { polygon: [[0, 0], [1, 0], [1, 1]], labels: [person], crowd: {} }
      lawn: { polygon: [[0, 0], [1, 0], [1, 1]] }
    lines: { kerb: { from: [0, 0], to: [1, 1], labels: [car] } }
  xmeye: { source: 'rtsp://10.0.0.6:554/user=admin_password=in-path_channel=1_stream=0.sdp' }
  porch: { source: a.mp4, username: viewer, password: s3cret, motion: { enabled: false } }
sinks:
  - { type: mqtt }
  - { type: webhook, url: 'https://example.org/T0/B0/short', secret: abc, headers: { Authorization: Bearer x } }
`;

function infoOf(switches: Switches = {}, text = CONFIG) {
  const loaded = parseConfig(text, { name: 'f', folder: '/', environment: {} });
  const model = { name: 'tiny-ssd', sha256: 'ab'.repeat(32) };
  return bridgeInfoSchema.parse(
    bridgeInfo({
      ...{ loaded, switches: { of: (camera) => (camera === 'drive' ? switches : {}) } },
      detector: { model, labels: ['person', 'car', 'dog'], engine: { name: 'onnx', version: '1' } },
      ...{ version: '0.1.0', instance: 'a', startedAt: 0, logLevel: 'info' },
    }),
  );
}

test('it says of each camera what it is asked for, and what it is not told of', () => {
  const { drive, porch } = infoOf().cameras;
  expect(drive).toEqual({
    labels: ['person', 'car'],
    any_label: false,
    zones: { gate: { labels: ['person'], crowd: true }, lawn: { labels: ['person', 'car'], crowd: false } },
    lines: { kerb: { labels: ['car'] } },
    motion: true,
    recorded: true,
    switches: { enabled: true, detect: true, record: true },
    thresholds: { person: 0.5, car: 0.4 },
    overridden: [],
  });
  expect(porch).toMatchObject({
    labels: ['person', 'car', 'dog'],
    any_label: true,
    ...{ motion: false, recorded: false, switches: { enabled: true, detect: true }, thresholds: {} },
  });
  expect(porch?.switches).not.toHaveProperty('record');
});

test('what was switched is in force, and marked as such', () => {
  const { drive } = infoOf({ detect: false, thresholds: { car: 0.7 } }).cameras;
  expect(drive).toMatchObject({
    switches: { enabled: true, detect: false, record: true },
    thresholds: { person: 0.5, car: 0.7 },
    overridden: ['detect', 'threshold/car'],
  });
});

test('a camera or zone whose name looks like that of a secret is told of like all others', () => {
  const zone = '{ polygon: [[0, 0], [1, 0], [1, 1]] }';
  const text = `cameras: { passage: { source: a.mp4, fps: 4, password: s3cret, username: u, zones: { underpass: ${zone} } } }`;
  const { configuration } = infoOf({}, text);
  expect(configuration).toMatchObject({
    cameras: {
      passage: {
        source: 'a.mp4',
        fps: 4,
        password: '***',
        zones: {
          underpass: {
            polygon: [
              [0, 0],
              [1, 0],
              [1, 1],
            ],
          },
        },
      },
    },
  });
});

test('no password, token, header or path of a webhook is in it', () => {
  const text = JSON.stringify(infoOf());
  for (const secret of [
    'in-url',
    'p%40ss',
    'p@ss',
    'in-query',
    'in-path',
    's3cret',
    'abc',
    'Bearer',
    'short',
  ]) {
    expect(text.replaceAll('ab'.repeat(32), '')).not.toContain(secret);
  }
  expect(text).toContain('https://example.org/***');
  expect(text).toContain('10.0.0.5');
  expect(text).toContain('_channel=1_stream=0.sdp');
});
