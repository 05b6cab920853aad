import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeClip } from '../../src/media/clip.ts';
import { removeOldClips } from '../../src/media/retention.ts';
import { bundledFfmpeg, makeClip } from '../helpers/ffmpegs.ts';
import { segmentsOf, testChildren } from '../helpers/segments.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const AT = { now: NOW, startedAt: NOW - HOUR };

function clip(folder: string, name: string, hoursOld: number, bytes = 100): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(bytes));
  utimesSync(path, (NOW - hoursOld * HOUR) / 1_000, (NOW - hoursOld * HOUR) / 1_000);
}

const left = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.mp4'))
    .sort();

test('a clip goes when it is too old', async () => {
  const folder = tempFolder();
  clip(folder, 'drive/old.mp4', 25);
  clip(folder, 'drive/new.mp4', 23);
  expect(await removeOldClips(folder, { maxAgeMs: 24 * HOUR, maxBytes: 1e9 }, AT)).toBe(1);
  expect(left(folder)).toEqual([join('drive', 'new.mp4')]);
});

test('the oldest clips of all cameras go first when there are too many bytes', async () => {
  const folder = tempFolder();
  clip(folder, 'drive/1.mp4', 4);
  clip(folder, 'yard/2.mp4', 3);
  clip(folder, 'drive/3.mp4', 2);
  clip(folder, 'yard/4.mp4', 1);
  expect(await removeOldClips(folder, { maxAgeMs: 24 * HOUR, maxBytes: 250 }, AT)).toBe(2);
  expect(left(folder)).toEqual([join('drive', '3.mp4'), join('yard', '4.mp4')]);
});

test('half a clip of a crash goes, one that is being written stays', async () => {
  const folder = tempFolder();
  clip(folder, 'drive/crash.mp4.part', 2);
  clip(folder, 'drive/now.mp4.part', 0.1);
  expect(await removeOldClips(folder, { maxAgeMs: 24 * HOUR, maxBytes: 1e9 }, AT)).toBe(0);
  expect(left(folder)).toEqual([join('drive', 'now.mp4.part')]);
});

test('a clip that is being written stays, also where the clock was set back since the gateway started', async () => {
  const folder = tempFolder();
  const ffmpeg = await bundledFfmpeg();
  const source = await makeClip(join(folder, 'source.mp4'));
  const path = join(folder, 'clips', 'drive', 'a.mp4');
  const limits = { maxAgeMs: 24 * HOUR, maxBytes: 1e9 };
  const now = Date.now();
  const children = testChildren();
  const checked: string[][] = [];
  await writeClip({
    ...{ camera: 'drive', segments: await segmentsOf(source, ffmpeg), path, ffmpeg },
    children: {
      ...children,
      start(options) {
        const child = children.start(options);
        const ended = child.ended.then(async (exit) => {
          await removeOldClips(join(folder, 'clips'), limits, { now, startedAt: now + HOUR });
          checked.push(left(join(folder, 'clips')));
          return exit;
        });
        return { ...child, ended };
      },
    },
  });
  expect(checked).toEqual([[join('drive', 'a.mp4.part')]]);
  expect(left(join(folder, 'clips'))).toEqual([join('drive', 'a.mp4')]);
});

test('a folder that nobody has made yet holds nothing', async () => {
  expect(await removeOldClips(join(tempFolder(), 'clips'), { maxAgeMs: 1, maxBytes: 1 }, AT)).toBe(0);
});
