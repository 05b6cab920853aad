// Writes the photographs in examples/media on which the documentation shows `falconet detect`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';
import sharp, { type Sharp } from 'sharp';

const MEDIA = join(import.meta.dirname, '../examples/media');
/** The reference pictures are what Tiny SSD sees: 300 x 300 RGB24, row by row. */
const REFERENCE = { width: 300, height: 300, channels: 3 } as const;
const JPEG_QUALITY = 92;
/** The frame of demo.mp4 on which the first visitor stands at the table. */
const ROOM_FRAME = 35;

const USAGE = `Usage: node scripts/make-photographs.ts --reference FOLDER

Writes cat.jpg, astronaut.jpg (from FOLDER's .rgb files) and room.jpg (a frame of demo.mp4)
into examples/media. Make demo.mp4 first: node scripts/make-demo-clip.ts

  --reference FOLDER  where cat.rgb and astronaut.rgb lie (300 x 300 RGB24)
  --help              this text`;

const { values } = parseArgs({
  options: { reference: { type: 'string' }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(USAGE);
else if (values.reference === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  for (const name of ['cat', 'astronaut']) {
    const pixels = readFileSync(join(values.reference, `${name}.rgb`));
    await write(name, sharp(pixels, { raw: REFERENCE }));
  }
  await write('room', sharp(roomPng()));
}

function roomPng(): Buffer {
  const filter = `select='eq(n,${ROOM_FRAME})'`;
  const output = ['-vf', filter, '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'];
  const input = ['-v', 'error', '-i', join(MEDIA, 'demo.mp4')];
  return execFileSync(bundledFfmpeg.path, [...input, ...output], { maxBuffer: 16 * 2 ** 20 });
}

async function write(name: string, picture: Sharp): Promise<void> {
  const file = join(MEDIA, `${name}.jpg`);
  const { width, height, size } = await picture.jpeg({ quality: JPEG_QUALITY }).toFile(file);
  console.log(`${file}: ${width}x${height}, ${size} bytes`);
}
