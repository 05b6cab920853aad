import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventSchema, type FalconetEvent } from '../../src/core/schema/event.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { skipFor } from '../helpers/installed.ts';
import { expectWholeLives } from '../helpers/lives.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const DEMO = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 120_000, interval: 100 };
const DISK_KB = 16_384;

test('a disk that is full costs clips, and that is told: events go on without, and have clips again once there is room', async (context) => {
  const disk = smallDisk(DISK_KB) ?? skipFor(context, 'mounting a small disk needs root on Linux');
  const camera = await startRtspCamera({ clip: DEMO });
  const folder = tempFolder();
  const config = join(folder, 'falconet.yaml');
  writeFileSync(
    config,
    `model: { processes: 1 }
data: { path: ${join(disk.folder, 'data')} }
cameras:
  room:
    source: ${camera.url}
    clips: { before: 1, after: 1, longest: 10 }
    labels: { person: {} }
sinks: [{ type: file, path: events.jsonl }]
log: { level: info }
`,
  );
  const gateway = startFalconet(['run', config, '--json']);
  onTestFinished(async () => {
    gateway.kill('SIGKILL');
    await gateway.finished;
    await camera.close();
    disk.remove();
  });
  const events = (): FalconetEvent[] => {
    if (!existsSync(join(folder, 'events.jsonl'))) return [];
    const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => eventSchema.parse(JSON.parse(line)));
  };
  const clips = (): string[] => {
    const of = join(disk.folder, 'data/clips/room');
    return existsSync(of) ? readdirSync(of).filter((name) => name.endsWith('.mp4')) : [];
  };
  const news = (from: number) => events().filter(({ type }, i) => i >= from && type === 'new');
  const until = (holds: () => void): Promise<void> =>
    vi.waitFor(holds, WITHIN).catch((cause: unknown) => {
      throw new Error(gateway.output().stderr, { cause });
    });
  const whole = (from: number) => events().filter(({ type }, i) => i >= from && type === 'end').length;

  await until(() => expect(clips()).not.toEqual([]));
  const makeRoom = disk.fill();
  await until(() => expect(gateway.output().stderr).toContain('an event has no clip'));
  const since = events().length;
  await until(() => expect(whole(since)).toBeGreaterThanOrEqual(2));
  expect(news(since).map(({ clip }) => clip)).toEqual(news(since).map(() => null));
  const halves = () =>
    readdirSync(join(disk.folder, 'data/clips/room')).filter((name) => !name.endsWith('.mp4'));
  await until(() => expect(halves()).toEqual([])); // one that was begun just now is given up

  const before = clips();
  makeRoom();
  await until(() => expect(clips().filter((name) => !before.includes(name))).not.toEqual([]));
  await until(() => expect(events().at(-1)?.clip ?? null).not.toBeNull());
  gateway.kill('SIGTERM');
  expect((await gateway.finished).exitCode).toBe(0);
  expectWholeLives(events());
  expect(gateway.output().stderr).toContain('no-space');
}, 600_000);
