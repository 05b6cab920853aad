import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type FlowNode, parseFlow } from '../../../src/config/flow/flow-node.ts';
import { configFromFlow } from '../../../src/config/flow/from-flow.ts';
import { readWritten, type WrittenConfig } from '../../../src/config/flow/read-written.ts';
import { flowFromConfig } from '../../../src/config/flow/to-flow.ts';
import { writtenText } from '../../../src/config/flow/written-text.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { gatewaySettings } from '../../../src/config/node-settings.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { hashPassword } from '../../../src/web/password.ts';

const HERE = { name: 'falconet.yaml', folder: packageRoot };

const FULL = `
gateway: house
mqtt:
  url: mqtts://broker.lan
  username: falconet
  password: "\${MQTT_PASSWORD}"
  base_topic: home/eyes
  homeassistant: true
  client_id: eyes
  version: "3.1.1"
  tls_verify: false
  tls_server_name: other.lan
model: { path: tiny-ssd, engine: wasm, processes: 2 }
cameras:
  drive:
    source: rtsp://10.0.0.5/sub
    username: viewer
    password: "\${DRIVE_PASSWORD}"
    fps: 8
    hwaccel: vaapi
    motion: { enabled: false }
    labels: { person: { score: 0.5, zones: [gate], cooldown: 1m }, dog: { schedule: [{ from: "22:00", to: "06:00" }] } }
    zones: { gate: { polygon: [[0.1, 0.6], [0.4, 0.6], [0.4, 1]], dwell: 2s } }
    lines: { kerb: { from: [0, 0.8], to: [1, 0.8], labels: [car] } }
    masks: { object: [[[0.8, 0.1], [0.9, 0.1], [0.9, 0.35]]], privacy: [[[0, 0], [0.2, 0], [0.2, 0.2]]] }
    cooldown: 30s
  shed:
    source: http://10.0.0.6/shot.jpg
    mode: poll
    interval: 30
    motion: { enabled: false }
  clip:
    source: examples/media/demo.mp4
    loop: true
    motion: { enabled: false }
sinks:
  - type: mqtt
  - { type: file, path: "events/%Y-%m-%d.csv", format: csv, images: true, max_mb: 10, keep_days: 90, keep_gb: 5, gzip: true }
data: { path: eyes, events_days: 7, events_gb: 1, outbox_hours: 12 }
dashboard: { listen: "127.0.0.1:9000", frame_ancestors: ["http://127.0.0.1:1880"] }
`;

function read(yaml: string): WrittenConfig {
  return readWritten(yaml, HERE);
}

/** With every default filled in. */
function whole(yaml: string) {
  const environment = new Proxy({}, { get: (_, name) => String(name) });
  return parseConfig(yaml, { ...HERE, environment, readSecret: () => ({ text: 'x' }) }).config;
}

function there(yaml: string) {
  return flowFromConfig(read(yaml));
}

function back(flow: readonly FlowNode[]) {
  const { document, notes } = configFromFlow(flow);
  return { yaml: writtenText(document), notes };
}

describe('a configuration', () => {
  test('is the same after it was a flow, key by key', () => {
    const { flow, notes } = there(FULL);
    expect(notes).toEqual([
      "cameras.clip.source, sinks.1.path: a relative path starts at Node-RED's user folder there",
    ]);
    const { yaml, notes: others } = back(flow);
    expect(whole(yaml)).toEqual(whole(FULL));
    expect(others).toEqual([
      'camera shed: a user and a password, if it has them, are not in a flow',
      'dashboard out: a user and a password, if it has them, are not in a flow',
    ]);
  });

  test('of least size is a flow, too', () => {
    const { flow } = there('cameras: { room: { source: demo } }');
    expect(flow.map(({ type }) => type)).toEqual([
      'tab',
      'falconet-camera-in',
      'falconet-detect',
      'falconet-track',
      'falconet-camera',
      'falconet-model',
      'falconet-gateway',
    ]);
  });

  test('gives the same ids each time, so that a second import takes the place of the first', () => {
    expect(there(FULL).flow).toEqual(there(FULL).flow);
    const ids = there(FULL).flow.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    { name: 'in the open', password: 'hunter2', shown: '${DRIVE_2_PASSWORD}', told: true },
    { name: 'of a variable', password: '"${MY_SECRET}"', shown: '${MY_SECRET}', told: false },
    { name: 'of a file', password: '"${file:/run/secrets/drive}"', shown: '${DRIVE_2_PASSWORD}', told: true },
    { name: 'of two parts', password: '"a${MY_SECRET}"', shown: '${DRIVE_2_PASSWORD}', told: true },
  ])('a password $name is a placeholder in the flow', ({ password, shown, told }) => {
    const yaml = `cameras: { drive-2: { source: "rtsp://c/", username: u, password: ${password} } }`;
    const { flow, notes } = there(yaml);
    const camera = flow.find(({ type }) => type === 'falconet-camera');
    expect(camera?.['credentials']).toEqual({ username: 'u', password: shown });
    expect(notes.some((note) => note.includes('as DRIVE_2_PASSWORD'))).toBe(told);
    expect(JSON.stringify([flow, notes])).not.toContain('hunter2');
  });

  test.each([
    'rtsp://10.0.0.5:554/user=admin_password=hunter2_channel=1_stream=0.sdp',
    'http://10.0.0.5/videostream.cgi?loginuse=admin&loginpas=hunter2',
  ])('a password in a form of its own leaves the flow with its address: %s', (source) => {
    const { flow, notes } = there(`cameras: { yard: { source: "${source}" } }`);
    expect(JSON.stringify([flow, notes])).not.toContain('hunter2');
    expect(JSON.stringify(flow)).toContain('${YARD_SOURCE}');
  });

  test('a password within an address leaves it', () => {
    const { flow, notes } = there(
      'cameras: { 2nd: { source: "rtsp://vie%40wer:hun%2Fter2@c/sub?token=hunter3" } }',
    );
    const camera = flow.find(({ type }) => type === 'falconet-camera');
    expect(camera).toMatchObject({
      source: '${CAMERA_2ND_SOURCE}',
      credentials: { username: 'vie@wer', password: '${CAMERA_2ND_PASSWORD}' },
    });
    expect(JSON.stringify([flow, notes])).not.toMatch(/hun.*ter2|hunter3/);
  });

  test('has one user of its dashboard, whose hash is a placeholder on both ways', async () => {
    const hash = await hashPassword('hunter2', { log2N: 4, r: 1, p: 1 });
    const user = `{ password_hash: "${hash}", role: admin }`;
    const yaml = `cameras: { room: { source: demo } }\ndashboard: { users: { anna: ${user}, otto: ${user} } }`;
    const { flow, notes } = there(yaml);
    const page = flow.find(({ type }) => type === 'falconet-dashboard-out');
    const track = flow.find(({ type }) => type === 'falconet-track');
    expect(page?.['credentials']).toEqual({ username: 'anna', password: '${DASHBOARD_PASSWORD_HASH}' });
    expect(track?.['wires']).toEqual([[page?.id], [page?.id], [page?.id]]);
    expect(notes).toEqual(
      expect.arrayContaining([
        'dashboard.users.otto: the node has one user, the first counts',
        'dashboard.users.anna.role: nothing can be changed on the page there',
        'dashboard: put what stood in the file into the environment of Node-RED as DASHBOARD_PASSWORD_HASH',
      ]),
    );
    expect(JSON.stringify([flow, notes])).not.toContain(hash);
    const again = back(flow);
    expect(parse(again.yaml).dashboard.users).toEqual({
      anna: { password_hash: '${DASHBOARD_PASSWORD_HASH}' },
    });
    expect(again.notes).toEqual([]);
  });

  test.each([
    ['a variable', '${HASH_OF_ANNA}'],
    ['a file', '${file:/run/secrets/anna}'],
  ])('is read also where the hash of a password is in %s that is not there', (_, hash) => {
    const { flow } = there(
      `cameras: { room: { source: demo } }\ndashboard: { users: { anna: { password_hash: "${hash}" } } }`,
    );
    expect(flow.map(({ type }) => type)).toContain('falconet-dashboard-out');
  });

  test('what no node can do is told, a line each', () => {
    const { notes } = there(`
time_zone: Europe/Berlin
ffmpeg: { path: /usr/bin/ffmpeg }
log: { level: debug }
model: { precision: fp32 }
data: { clips_days: 3 }
cameras:
  room:
    source: demo
    record: examples/media/demo.mp4
    frozen_after: off
    masks: { copy_unmasked: true, motion: [[[0, 0], [1, 0], [1, 1]]] }
`);
    expect(notes.map((note) => note.split(/: (?=the|it is|there)/)[0])).toEqual([
      'ffmpeg.path',
      'time_zone',
      'log',
      'model.precision',
      'data.clips_days',
      'camera room: motion',
      'camera room: masks.copy_unmasked',
      'camera room: masks.motion',
      'camera room: frozen_after',
      'camera room: record, clips',
    ]);
  });

  test('with paths that mean another place there says so, and its gateway has a folder that Node-RED takes', () => {
    const { flow, notes } = there(`
model: { path: ./mine }
data: { path: /var/lib/falconet }
cameras: { clip: { source: clips/a.mp4, motion: { enabled: false } }, room: { source: /srv/b.mp4, motion: { enabled: false } } }
`);
    expect(notes).toEqual([
      "data.path: the folder is one within Node-RED's user folder, falconet-data",
      "model.path, cameras.clip.source: a relative path starts at Node-RED's user folder there",
    ]);
    expect(flow.find(({ type }) => type === 'falconet-gateway')).toMatchObject({ folder: 'falconet-data' });
  });

  test.each(['/var/lib/falconet', '../data', 'eyes/../..', 'C:\\eyes', 'eyes/data'])(
    'whose data folder is %s has a gateway that Node-RED takes',
    (path) => {
      const { flow } = there(`
data: { path: ${JSON.stringify(path)} }
cameras: { room: { source: demo, motion: { enabled: false } } }
`);
      const folder = flow.find(({ type }) => type === 'falconet-gateway')?.['folder'];
      expect(gatewaySettings({ folder })).toMatchObject({
        folder: path === 'eyes/data' ? path : 'falconet-data',
      });
    },
  );

  test('with mistakes is no flow, and all of them are told', () => {
    expect(() => there('cameras: { room: { source: demo, fps: 60 }, Hall: { source: demo } }')).toThrow(
      /2 mistakes/,
    );
  });
});

describe('a flow', () => {
  const flowOf = (changes: Record<string, object> = {}): FlowNode[] =>
    there('cameras: { room: { source: demo } }').flow.map((node) => ({ ...node, ...changes[node.type] }));
  const notesOf = (flow: readonly FlowNode[]) => back(flow).notes;

  test('with a password in the open gives a configuration without', () => {
    const { yaml, notes } = back(
      flowOf({
        'falconet-camera': { source: 'rtsp://viewer:hunter2@cam/', credentials: { password: 'hunter3' } },
      }),
    );
    expect(parse(yaml).cameras.room).toMatchObject({
      source: 'rtsp://cam/',
      username: 'viewer',
      password: '${ROOM_PASSWORD}',
    });
    expect(yaml + notes.join()).not.toMatch(/hunter/);
    expect(notes).toContain('camera room: put what stood in the flow into the environment as ROOM_PASSWORD');
  });

  test('tells of what stands between its nodes, and of nodes of others', () => {
    const [tab] = flowOf();
    const flow = flowOf({ 'falconet-detect': { wires: [['night', 'seen']] } });
    const track = flow.find(({ type }) => type === 'falconet-track');
    const others: FlowNode[] = [
      { id: 'night', type: 'function', name: 'night', z: tab?.id, wires: [[track?.id]] },
      { id: 'seen', type: 'debug', name: '', z: tab?.id, wires: [] },
    ];
    expect(notesOf([...flow, ...others])).toEqual([
      'camera room: what function "night" does before track is left out',
      'no mqtt out or file out follows a track: the events go nowhere',
      'function "night": falconet.yaml has no counterpart',
      'debug: falconet.yaml has no counterpart',
    ]);
  });

  test('finds its way through link nodes, and leaves out what is disabled', () => {
    const flow = flowOf({ 'falconet-detect': { wires: [['out']] } });
    const [tab] = flow;
    const track = flow.find(({ type }) => type === 'falconet-track');
    const links: FlowNode[] = [
      { id: 'out', type: 'link out', z: tab?.id, mode: 'link', links: ['in'], wires: [] },
      { id: 'in', type: 'link in', z: tab?.id, links: ['out'], wires: [[track?.id]] },
    ];
    const rules = { labels: { cat: {} } };
    const linked = [...flow, ...links].map((node) => (node === track ? { ...node, rules } : node));
    expect(parse(back(linked).yaml).cameras.room.labels).toEqual({ cat: {} });

    const disabled = linked.map((node) => (node.type === 'falconet-track' ? { ...node, d: true } : node));
    expect(parse(back(disabled).yaml).cameras.room.labels).toBeUndefined();
    expect(notesOf(disabled)).toEqual([
      'camera room: no track follows it, but in falconet.yaml every camera makes events',
      'no mqtt out or file out follows a track: the events go nowhere',
      'track: it is disabled, or in a subflow',
    ]);
  });

  test.each([
    { name: 'no JSON', text: 'cameras:', says: 'expected a list of nodes in JSON' },
    { name: 'something else', text: '{"a":1}', says: 'expected a list of nodes in JSON' },
    {
      name: 'a list of something else',
      text: '[{"id":"a","type":"tab"},{}]',
      says: 'at place 2 of the list',
    },
  ])('is not $name', ({ text, says }) => {
    expect(() => parseFlow(text, 'flow.json')).toThrow(says);
  });

  test('is read as the editor exports it, as Node-RED saves it and as its admin API gives it', () => {
    const flow = flowOf();
    expect(parseFlow(JSON.stringify(flow), 'a')).toEqual(flow);
    expect(parseFlow(JSON.stringify({ rev: '1', flows: flow }), 'a')).toEqual(flow);
  });
});

const EXAMPLES = readdirSync(join(packageRoot, 'examples/flows'));

test('the examples share no folder: two of them can be deployed together', () => {
  const folders = EXAMPLES.flatMap((file) =>
    parseFlow(readFileSync(join(packageRoot, 'examples/flows', file), 'utf8'), file).flatMap((node) =>
      node.type === 'falconet-gateway' ? [node['folder']] : [],
    ),
  );
  expect(folders.length).toBeGreaterThan(1);
  expect(new Set(folders).size).toBe(folders.length);
});

test.each(EXAMPLES)('the example %s is a configuration without mistakes, or has no camera', (file) => {
  const flow = parseFlow(readFileSync(join(packageRoot, 'examples/flows', file), 'utf8'), file);
  const { yaml } = back(flow);
  const hasCamera = flow.some(({ type }) => type === 'falconet-camera-in');
  if (hasCamera) expect(Object.keys(whole(yaml).cameras).length).toBeGreaterThan(0);
  else expect(() => whole(yaml)).toThrow('cameras');
});
