import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { videoEncoder } from '../../src/ffmpeg/encoder.ts';
import { writeClip } from '../../src/media/clip.ts';
import { privacyMask } from '../../src/media/mask.ts';
import { availableFfmpegs, bundledFfmpeg, makeClip, runFfmpeg } from '../helpers/ffmpegs.ts';
import { skipFor } from '../helpers/installed.ts';
import { segmentsOf, testChildren } from '../helpers/segments.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const ffmpegs = await availableFfmpegs();
const SIZE = { width: 320, height: 180 };
const LEFT_HALF = [
  [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
] as const;

/** Grey pictures of a clip, each `320 x 180` bytes. */
async function picturesOf(path: string): Promise<Buffer[]> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const bytes = await runFfmpeg(await bundledFfmpeg(), '-i', path, ...raw);
  const size = SIZE.width * SIZE.height;
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

test.each(ffmpegs)(
  'a clip of ffmpeg $generation has every picture of its segments, unchanged, and begins to play while it loads',
  async (ffmpeg) => {
    const folder = tempFolder();
    const source = await makeClip(join(folder, 'source.mp4'), { seconds: 4 });
    const segments = (await segmentsOf(source, ffmpeg)).slice(1, 3);
    const path = join(folder, 'clips', 'drive', 'a.mp4');
    await writeClip({ camera: 'drive', segments, path, ffmpeg, children: testChildren() });

    const bytes = readFileSync(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    const [clip, whole] = [await picturesOf(path), await picturesOf(source)];
    expect(clip.length).toBe(20);
    for (const [i, picture] of clip.entries()) expect(picture.equals(whole[i + 10] ?? picture)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'clips', 'drive'))).toEqual(['a.mp4']);
  },
);

test.each(ffmpegs)(
  'a clip that ffmpeg $generation encodes with a cover is black there in every picture, and shows the rest',
  async (ffmpeg) => {
    const folder = tempFolder();
    const source = await makeClip(join(folder, 'source.mp4'), { seconds: 3 });
    const segments = await segmentsOf(source, ffmpeg);
    const cover = join(folder, 'mask 100%d.png');
    writeFileSync(cover, await privacyMask(LEFT_HALF).cover(SIZE));
    const encoder = await videoEncoder(ffmpeg);
    if (encoder === undefined) throw new Error('expected an encoder in each ffmpeg of the tests');
    const path = join(folder, 'a.mp4');
    await writeClip({
      camera: 'drive',
      segments,
      path,
      cover: { path: cover, ...SIZE, encoder },
      ffmpeg,
      children: testChildren(),
    });

    const [clip, whole] = [await picturesOf(path), await picturesOf(source)];
    expect(clip.length).toBe(30);
    for (const [i, picture] of clip.entries()) {
      let brightest = 0;
      let difference = 0;
      for (let y = 0; y < SIZE.height; y++) {
        const row = picture.subarray(y * SIZE.width, (y + 1) * SIZE.width);
        brightest = Math.max(brightest, ...row.subarray(0, SIZE.width / 2));
        const right = row.subarray(SIZE.width / 2 + 8);
        const was = whole[i]?.subarray(y * SIZE.width + SIZE.width / 2 + 8) ?? right;
        difference +=
          right.reduce((sum, value, x) => sum + Math.abs(value - (was[x] ?? 0)), 0) / right.length;
      }
      expect(brightest).toBeLessThan(16);
      expect(difference / SIZE.height).toBeLessThan(8);
    }
  },
);

test.each(ffmpegs)(
  'a clip that ffmpeg $generation encodes with a cover stays black there where the camera changes its size',
  async (ffmpeg) => {
    const folder = tempFolder();
    const small = await makeClip(join(folder, 'small.mp4'), { seconds: 2 });
    const large = await makeClip(join(folder, 'large.mp4'), { seconds: 2, size: '640x360' });
    const segments = [...(await segmentsOf(small, ffmpeg)), ...(await segmentsOf(large, ffmpeg))];
    const path = join(folder, 'cover.png');
    writeFileSync(path, await privacyMask(LEFT_HALF).cover(SIZE));
    const encoder = await videoEncoder(ffmpeg);
    if (encoder === undefined) throw new Error('expected an encoder in each ffmpeg of the tests');
    const clip = join(folder, 'a.mp4');
    const cover = { path, ...SIZE, encoder };
    await writeClip({ camera: 'drive', segments, path: clip, cover, ffmpeg, children: testChildren() });

    const pictures = await picturesOf(clip);
    expect(pictures.length).toBeGreaterThan(30);
    for (const picture of pictures) {
      const covered = picture.filter((_, i) => i % SIZE.width < SIZE.width / 2);
      expect(Math.max(...covered)).toBeLessThan(16);
    }
  },
);

test('a clip that finds no room is a failure that says so, and leaves nothing behind', async (context) => {
  const disk = smallDisk(16) ?? skipFor(context, 'mounting a small disk needs root on Linux');
  const ffmpeg = await bundledFfmpeg();
  const source = await makeClip(join(tempFolder(), 'source.mp4'), { seconds: 3, size: '640x360' });
  const segments = await segmentsOf(source, ffmpeg);
  onTestFinished(() => disk.remove());
  const path = join(disk.folder, 'drive', 'a.mp4');
  const writing = writeClip({ camera: 'drive', segments, path, ffmpeg, children: testChildren() });
  await expect(writing).rejects.toMatchObject({
    code: 'CLIP_FAILED',
    message: expect.stringContaining('No space left'),
  });
  expect(readdirSync(join(disk.folder, 'drive'))).toEqual([]);
});

test('a segment that the ring has dropped meanwhile costs its pictures, not the clip', async () => {
  const folder = tempFolder();
  const ffmpeg = await bundledFfmpeg();
  const source = await makeClip(join(folder, 'source.mp4'), { seconds: 3 });
  const segments = await segmentsOf(source, ffmpeg);
  const path = join(folder, 'a.mp4');
  const gone = { ...segments[0], path: join(folder, 'gone.ts'), start: 0, end: 1, bytes: 1 };
  await writeClip({
    camera: 'drive',
    segments: [gone, ...segments.slice(1)],
    path,
    ffmpeg,
    children: testChildren(),
  });
  expect((await picturesOf(path)).length).toBe(20);
  expect(existsSync(`${path}.part`)).toBe(false);
});
