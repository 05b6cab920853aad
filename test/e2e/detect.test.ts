import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { falconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

interface Seen {
  readonly source: string;
  readonly pts_ms?: number;
  readonly detections: readonly { readonly label: string; readonly score: number }[];
}

function media(name: string): string {
  return join(packageRoot, 'examples/media', name);
}

function parse(stdout: string): Seen[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen);
}

test('detect finds what is on the three photographs and draws it', async () => {
  const drawn = tempFolder();
  const pictures = ['cat.jpg', 'astronaut.jpg', 'room.jpg'].map(media);
  const { exitCode, stdout } = await falconet(['detect', '--json', '--draw', drawn, ...pictures]);
  expect(exitCode).toBe(0);
  expect(parse(stdout).map(({ detections }) => detections[0]?.label)).toEqual(['cat', 'person', 'person']);
  expect(readFileSync(join(drawn, 'cat.jpg.boxes.jpg')).subarray(0, 2).toString('hex')).toBe('ffd8');
});

test('detect draws every picture, also those that are called alike', async () => {
  const [one, two, drawn] = [tempFolder(), tempFolder(), tempFolder()];
  copyFileSync(media('cat.jpg'), join(one, 'a.jpg'));
  copyFileSync(media('room.jpg'), join(two, 'A.jpg'));
  await falconet(['detect', '--draw', drawn, join(one, 'a.jpg'), join(two, 'A.jpg')]);
  expect(readdirSync(drawn).sort()).toEqual(['A.jpg_2.boxes.jpg', 'a.jpg.boxes.jpg']);
});

test('detect looks at a video at the rate asked for, with the time of each frame', async () => {
  const { exitCode, stdout } = await falconet(['detect', '--json', '--fps', '1', media('demo.mp4')]);
  const frames = parse(stdout);
  expect(exitCode).toBe(0);
  expect(frames.length).toBeGreaterThanOrEqual(13);
  expect(frames.length).toBeLessThanOrEqual(15);
  expect(Number(frames[3]?.pts_ms) - Number(frames[2]?.pts_ms)).toBe(1_000);
  expect(frames.flatMap(({ detections }) => detections).some(({ label }) => label === 'person')).toBe(true);
});
