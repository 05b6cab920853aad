import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { startBroker } from '../helpers/broker.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { processesBelow } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const CAMERA_PASSWORD = "s3cret'@cam/%";
const BROKER_PASSWORD = 'br0ker:pass word';

test('a camera with a password becomes events on a broker with a password, and neither shows anywhere', async () => {
  const camera = await startRtspCamera({
    clip: CLIP,
    credentials: { user: 'viewer', password: CAMERA_PASSWORD },
  });
  const broker = await startBroker({ credentials: { username: 'falconet', password: BROKER_PASSWORD } });
  const folder = tempFolder();
  const config = join(folder, 'falconet.yaml');
  writeFileSync(
    config,
    `
gateway: test
mqtt: { url: "${broker.url}", username: falconet, password: "\${BROKER_PW}" }
model: { processes: 1 }
cameras:
  drive:
    source: ${camera.url}
    username: viewer
    password: ${JSON.stringify(CAMERA_PASSWORD)}
    labels: { person: {} }
sinks:
  - type: mqtt
  - { type: file, path: "events/%Y.jsonl", images: true }
log: { level: debug }
`,
  );
  try {
    const gateway = startFalconet(['run', config], { env: { BROKER_PW: BROKER_PASSWORD } });
    const first = await broker.waitFor(({ topic }) => topic.endsWith('/drive/event'), 60_000);
    const below = processesBelow(gateway.pid);
    gateway.kill('SIGTERM');
    const stopped = performance.now();
    const { exitCode, stdout, stderr } = await gateway.finished;

    expect(performance.now() - stopped).toBeLessThan(5_000);
    expect(exitCode).toBe(0);
    for (const { pid } of below ?? []) expect(() => process.kill(pid, 0)).toThrow('ESRCH');

    const events = broker.messages.flatMap(({ topic, payload }) =>
      topic.endsWith('/event') ? [JSON.parse(payload.toString()) as FalconetEvent] : [],
    );
    for (const event of events) expect(() => eventSchema.parse(event)).not.toThrow();
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === 'new').length).toBe(types.filter((type) => type === 'end').length);
    expect(events.map(({ stream_seq }) => stream_seq)).toEqual(events.map((_, i) => i));
    const started = JSON.parse(first.payload.toString()) as FalconetEvent;
    expect(started).toMatchObject({ type: 'new', seq: 0, camera: 'drive', gateway: 'test', label: 'person' });

    const beforeFirst = broker.messages.slice(0, broker.messages.indexOf(first));
    const picture = beforeFirst.find(({ topic }) => topic === 'falconet/camera/drive/image/person');
    expect(picture?.payload.subarray(0, 2).toString('hex')).toBe('ffd8'); // a JPEG begins so
    expect(picture?.retain).toBe(true);
    const retained = (name: string) =>
      broker.messages
        .findLast(({ topic, retain }) => retain && topic === `falconet/${name}`)
        ?.payload.toString();
    expect(JSON.parse(retained('bridge/state') ?? '')).toEqual({ state: 'offline' });
    expect(JSON.parse(retained('camera/drive/state') ?? '')).toMatchObject({
      state: 'offline',
      reason: 'stopped',
    });

    const motion = broker.messages.filter(({ topic }) => topic === 'falconet/camera/drive/motion');
    expect(motion.map(({ payload }) => payload.toString())).toContain('ON');
    expect(retained('camera/drive/motion')).toBe('OFF');

    const lines = readdirSync(join(folder, 'events'), { recursive: true, encoding: 'utf8' });
    const file = lines.find((name) => name.endsWith('.jsonl')) ?? '';
    const kept = readFileSync(join(folder, 'events', file), 'utf8')
      .trim()
      .split('\n');
    expect(kept).toHaveLength(events.length);
    expect(lines.filter((name) => name.endsWith('.jpg')).length).toBeGreaterThan(0);

    const published = broker.messages.map(({ topic, payload }) => `${topic} ${payload.toString('latin1')}`);
    const commandLines = (below ?? []).flatMap(({ commandLine, environment }) => [
      ...commandLine,
      ...environment,
    ]);
    const all = [stdout, stderr, ...published, ...commandLines, ...kept].join('\n');
    for (const password of [CAMERA_PASSWORD, BROKER_PASSWORD]) {
      expect(all).not.toContain(password);
      expect(all).not.toContain(encodeURIComponent(password));
    }
  } finally {
    await Promise.all([camera.close(), broker.close()]);
  }
});

test('the demo runs the clip once: whole lives on stdout, one JSON a line, and exit code 0', async () => {
  const { finished } = startFalconet(['demo', '--once', '--json', '--port', '0']);
  const { exitCode, stdout } = await finished;
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));
  expect(exitCode).toBe(0);
  const lives = Map.groupBy(events, ({ id }) => id);
  expect(lives.size).toBeGreaterThan(0);
  for (const life of lives.values()) {
    expect(life.at(0)?.type).toBe('new');
    expect(life.at(-1)?.type).toBe('end');
    expect(life.map(({ seq }) => seq)).toEqual(life.map((_, i) => i));
  }
});
