import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stillOf } from '../../src/media/still.ts';
import { availableFfmpegs, bundledFfmpeg, makeClip } from '../helpers/ffmpegs.ts';
import { segmentsOf, testChildren } from '../helpers/segments.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const ffmpegs = await availableFfmpegs();
/** A picture that is white from one second on, black before. */
const TURNS_WHITE = "drawbox=c=black:t=fill:enable='lt(t,1)',drawbox=c=white:t=fill:enable='gte(t,1)'";

test.each(ffmpegs)(
  'the recorded picture of ffmpeg $generation is the one at its moment, in its own size, and says when it was',
  async (ffmpeg) => {
    const source = await makeClip(join(tempFolder(), 'a.mp4'), {
      seconds: 3,
      size: '640x360',
      filters: TURNS_WHITE,
    });
    const segments = await segmentsOf(source, ffmpeg);
    const start = segments[0]?.start ?? 0;
    const at = async (ms: number) => {
      const options = { camera: 'drive', ffmpeg, children: testChildren() };
      const { picture, time } = await stillOf({ ...options, segments, at: start + ms });
      return { width: picture.width, height: picture.height, level: picture.data[0], after: time - start };
    };
    const size = { width: 640, height: 360 };
    expect(await at(0)).toEqual({ ...size, level: expect.closeTo(0, -1), after: 0 });
    expect(await at(860)).toEqual({ ...size, level: expect.closeTo(0, -1), after: 900 });
    expect(await at(1_000)).toEqual({ ...size, level: expect.closeTo(255, -1), after: 1_000 });
    expect(await at(1_730)).toEqual({ ...size, level: expect.closeTo(255, -1), after: 1_800 });
  },
);

test('a panorama of two lenses has its full-size picture', async () => {
  const ffmpeg = await bundledFfmpeg();
  const options = { seconds: 2, rate: 2, size: '4608x1728' };
  const segments = await segmentsOf(await makeClip(join(tempFolder(), 'a.mp4'), options), ffmpeg);
  const { picture } = await stillOf({
    camera: 'drive',
    segments,
    at: segments[0]?.start ?? 0,
    ffmpeg,
    children: testChildren(),
  });
  expect(picture).toMatchObject({ width: 4_608, height: 1_728 });
  expect(picture.data).toHaveLength(4_608 * 1_728 * 3);
});

test('segments without a picture are a failure in words, not a hang', async () => {
  const ffmpeg = await bundledFfmpeg();
  const gone = { path: join(tempFolder(), 'gone.ts'), start: 0, end: 1_000, bytes: 1 };
  const looking = stillOf({ camera: 'drive', segments: [gone], at: 0, ffmpeg, children: testChildren() });
  await expect(looking).rejects.toMatchObject({ code: 'CLIP_FAILED' });
});
