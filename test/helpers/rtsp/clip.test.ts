import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../src/core/package-root.ts';
import { readClip } from './clip.ts';

const MEDIA = join(packageRoot, 'examples/media');

test('the demo clip plays at 10 pictures a second, and whoever joins waits at most one for a key frame', async () => {
  const { units, fps, sps } = await readClip(join(MEDIA, 'demo.mp4'));
  const keys = units.flatMap(({ isKey }, n) => (isKey ? [n] : []));
  const MAIN_PROFILE = 77; // ITU-T H.264, A.2.2

  expect({ fps, pictures: units.length, profile: sps[1] }).toEqual({
    fps: 10,
    pictures: 145,
    profile: MAIN_PROFILE,
  });
  expect(keys).toEqual(Array.from({ length: 15 }, (_, n) => n * 10));
});

test.each([
  { name: 'a photograph', file: 'cat.jpg' },
  { name: 'no file', file: 'none.mp4' },
])('a test that plays $name is told so', async ({ file }) => {
  await expect(readClip(join(MEDIA, file))).rejects.toThrow(`expected H.264 in ${join(MEDIA, file)}`);
});
