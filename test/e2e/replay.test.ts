import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { falconet } from '../helpers/falconet.ts';
import { expectWholeLives } from '../helpers/lives.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const ROOM = 'cameras: { room: { source: "rtsp://10.0.0.5/sub", labels: { person: {} } } }';

function configFile(folder: string, text = ROOM): string {
  const path = join(folder, 'falconet.yaml');
  writeFileSync(path, text);
  return path;
}

function eventsOf(stdout: string): FalconetEvent[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));
}

test('the same clip gives the same bytes again, on stdout and in files, and so do its recorded detections', async () => {
  const folder = tempFolder();
  const config = configFile(folder);
  const out = join(folder, 'out');
  const seen = join(folder, 'seen.jsonl');
  const args = ['replay', CLIP, config, '--json', '--start', '2026-11-24T08:00:00Z'];
  const [first, second] = [
    await falconet([...args, '--out', out, '--record-detections', seen]),
    await falconet(args),
  ];
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(second.stdout).toBe(first.stdout);
  expect(readFileSync(join(out, 'events.jsonl'), 'utf8')).toBe(first.stdout);

  const events = eventsOf(first.stdout);
  expect(expectWholeLives(events)).toBeGreaterThan(0);
  for (const { run, latency_ms, late_s, time } of events) {
    expect({ run, latency_ms, late_s }).toEqual({ run: 'replay', latency_ms: 0, late_s: 0 });
    expect(time).toMatch(/^2026-11-24T08:00:[01]\d\.\d{3}Z$/); // the clip takes 14.5 s
  }
  for (const { image } of events) {
    if (image === null) continue;
    const picture = readFileSync(join(out, 'images', image.ref));
    expect(createHash('sha256').update(picture).digest('hex')).toBe(image.sha256);
  }
  expect(events[0]?.image).not.toBeNull();

  const played = await falconet([...args, '--detections', seen]);
  const withoutPictures = events.map((event) => ({ ...event, image: null }));
  expect(eventsOf(played.stdout)).toEqual(withoutPictures);
}, 180_000);

test('a recording is replayed without the passwords that only cameras and brokers need', async () => {
  const folder = tempFolder();
  const secrets = 'username: viewer, password: "${FALCONET_TEST_UNSET}"';
  const broker = 'mqtt: { url: "mqtt://localhost", username: a, password: "${file:not-there}" }';
  const config = configFile(
    folder,
    `cameras: { room: { source: "rtsp://10.0.0.5/sub", ${secrets}, labels: { person: {} } } }\n${broker}`,
  );
  const seen = join(packageRoot, 'test/fixtures/replay/demo/detections.jsonl');
  const finished = await falconet(['replay', CLIP, config, '--detections', seen]);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  expect(finished.stdout).toContain('new');
}, 90_000);

test.each([
  { name: 'no camera named of two', args: [], exitCode: 2, says: 'expected --camera with one of gate, room' },
  { name: 'an unknown camera', args: ['--camera', 'shed'], exitCode: 2, says: 'of gate, room, got shed' },
  {
    name: 'a start that is no time',
    args: ['--start', 'noon'],
    exitCode: 2,
    says: 'Expected a time such as',
  },
  {
    name: 'recording what is played',
    args: ['--detections', 'a', '--record-detections', 'b'],
    exitCode: 2,
    says: 'cannot be used with',
  },
  {
    name: 'no recording there',
    args: ['--camera', 'gate', '--detections', 'no.jsonl'],
    exitCode: 1,
    says: 'no.jsonl',
  },
  { name: 'no clip there', args: ['--camera', 'gate'], exitCode: 1, says: 'no-such-file' },
])(
  '$name is told, with exit code $exitCode',
  async ({ args, exitCode, says }) => {
    const folder = tempFolder();
    const config = configFile(folder, 'cameras: { gate: { source: gate.mp4 }, room: { source: room.mp4 } }');
    const finished = await falconet(['replay', join(folder, 'no.mp4'), config, ...args]);
    expect(finished.stderr).toContain(says);
    expect(finished).toMatchObject({ exitCode, stdout: '' });
  },
  90_000,
);
