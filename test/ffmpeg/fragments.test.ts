import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { FragmentReader, type Mp4Part } from '../../src/ffmpeg/fragments.ts';
import { liveCommand } from '../../src/ffmpeg/live-command.ts';
import { runFfmpeg } from '../helpers/ffmpeg.ts';

const demo = join(packageRoot, 'examples/media/demo.mp4');

/** As a camera's video is copied for viewers. */
async function copied(path = demo): Promise<Buffer> {
  const source = { kind: 'file', path, pace: 'fast', loop: false } as const;
  const { args } = await liveCommand(source, { origin: 'bundled', generation: 4 });
  const { stdout, stderr, exitCode } = await runFfmpeg([...args]);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

function partsOf(bytes: Buffer, size: number): Mp4Part[] {
  const reader = new FragmentReader();
  const parts: Mp4Part[] = [];
  for (let i = 0; i < bytes.length; i += size) parts.push(...reader.push(bytes.subarray(i, i + size)));
  return parts;
}

test('a copied video is cut at its pictures, however its bytes come in', async () => {
  const bytes = await copied();
  const whole = partsOf(bytes, bytes.length);
  const [start, first] = whole;
  expect(start).toMatchObject({ kind: 'start', codec: expect.stringMatching(/^avc1[.][0-9A-F]{6}$/) });
  expect(first).toMatchObject({ kind: 'fragment', isKey: true });
  const keys = whole.filter((part) => part.kind === 'fragment' && part.isKey).length;
  expect(keys).toBeGreaterThan(0);
  expect(keys).toBeLessThan(whole.length / 2);
  for (const size of [1_000, 7]) expect(partsOf(bytes, size)).toEqual(whole);
});

test('together the parts are what came, but for the index at its end', async () => {
  const bytes = await copied();
  const joined = Buffer.concat(partsOf(bytes, 4_096).map((part) => part.bytes));
  expect(bytes.subarray(0, joined.length).equals(joined)).toBe(true);
  expect(bytes.length - joined.length).toBeLessThan(20_000);
});

test('what is no MP4 is told at once, not kept for ever', () => {
  expect(() => new FragmentReader().push(Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]))).toThrow(/SOURCE_BYTES/);
  expect(() => new FragmentReader().push(Buffer.alloc(8, 0xff))).toThrow(/SOURCE_BYTES/);
});

test('video that is not H.264 is told as such, so that nobody waits for a picture that no browser shows', async () => {
  const { stdout } = await runFfmpeg([
    ...['-nostdin', '-i', demo, '-frames:v', '3', '-c:v', 'mpeg4'],
    ...['-movflags', 'empty_moov+default_base_moof+frag_every_frame', '-f', 'mp4', 'pipe:1'],
  ]);
  expect(partsOf(stdout, stdout.length)[0]).toMatchObject({ kind: 'start', codec: undefined });
});
