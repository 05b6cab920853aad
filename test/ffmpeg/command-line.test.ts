import { expect, test } from 'vitest';
import { buildArguments, frameCommand } from '../../src/ffmpeg/command-line.ts';

const ffmpeg = { origin: 'path', generation: 5 } as const;
const file = { kind: 'file', path: '/videos/12:00 drive.mp4', pace: 'fast', loop: false } as const;

test('arguments reach ffmpeg as they are: blanks, quotes and all, the input before the output', () => {
  const parts = {
    inputOptions: ['-f', 'a b'],
    input: "file:it's 5 o'clock.mp4",
    outputOptions: ['-x', '"q" r'],
  };
  expect(buildArguments({ ...parts, output: 'pipe:1' }).slice(-7)).toEqual([
    ...['-f', 'a b', '-i', "file:it's 5 o'clock.mp4"],
    ...['-x', '"q" r', 'pipe:1'],
  ]);
});

test('a file is named as a file whatever its name looks like, and may name no other source', async () => {
  const { args, stdin } = await frameCommand({ ffmpeg, source: file, fps: 5, maxWidth: 640 });
  expect(args).toContain('file:/videos/12:00 drive.mp4');
  expect(args.join(' ')).toContain('-protocol_whitelist file -i');
  expect(stdin).toBeUndefined();
});

test.each([
  { name: 'fast, once', pace: 'fast', loop: false, has: [] },
  { name: 'real time', pace: 'real-time', loop: false, has: ['-re'] },
  { name: 'over and over', pace: 'fast', loop: true, has: ['-stream_loop'] },
] as const)('a file $name', async ({ pace, loop, has }) => {
  const { args } = await frameCommand({ ffmpeg, source: { ...file, pace, loop }, fps: 5, maxWidth: 640 });
  expect(args.filter((arg) => arg === '-re' || arg === '-stream_loop')).toEqual(has);
});

test('the address of a camera is in no argument', async () => {
  const source = { kind: 'rtsp', url: 'rtsp://viewer:hunter2@10.0.0.5/sub' } as const;
  const { args, stdin } = await frameCommand({ ffmpeg, source, fps: 5, maxWidth: 640 });
  expect(args.join(' ')).not.toMatch(/hunter2|viewer|10\.0\.0\.5/);
  expect(stdin).toContain("file 'rtsp://viewer:hunter2@10.0.0.5/sub'");
});
