// Cuts examples/media/demo.mp4, the recording that `falconet demo` and the tests play as a camera.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';

const SOURCE = 'one-by-one-person-detection.mp4';
const FPS = 10;
/** One key frame a second: whoever joins the stream has its first picture within a second. */
const GOP_FRAMES = 10;

/**
 * Seconds of the recording that are kept, in order. Two people come, stand at the table and go; the long
 * middle of each visit is left out where the person stands still, so the joins do not show. In the result
 * Tiny SSD scores the person at 0.4 or more in every frame from 0.4 to 5.8 s and from 7.3 to 13.3 s.
 */
const KEPT_S: readonly (readonly [from: number, to: number])[] = [
  [22.55, 25.95],
  [41.75, 44.95],
  [74.05, 78.15],
  [83.55, 87.35],
];

const USAGE = `Usage: node scripts/make-demo-clip.ts --videos FOLDER [--out FILE] [--ffmpeg FILE]

Cuts the demo clip out of ${SOURCE} (Intel, sample-videos, CC BY 4.0).

  --videos FOLDER  where ${SOURCE} lies
  --out FILE       what to write (default: examples/media/demo.mp4)
  --ffmpeg FILE    which ffmpeg to use (default: the one of @ffmpeg-installer/ffmpeg;
                   another encoder writes other bytes)
  --help           this text`;

const { values } = parseArgs({
  options: {
    videos: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, '../examples/media/demo.mp4') },
    ffmpeg: { type: 'string', default: bundledFfmpeg.path },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.videos === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  cut(join(values.videos, SOURCE), values.out, values.ffmpeg);
}

function cut(source: string, out: string, ffmpeg: string): void {
  mkdirSync(dirname(out), { recursive: true });
  const windows = KEPT_S.map(([from, to]) => `between(t,${from},${to})`).join('+');
  const filter = `select='${windows}',setpts=N/(${FPS}*TB),scale=640:360:flags=bicubic`;
  const encoder = `-c:v libx264 -profile:v main -preset veryslow -crf 27 -pix_fmt yuv420p -bf 0`;
  const gop = `-g ${GOP_FRAMES} -keyint_min ${GOP_FRAMES} -sc_threshold 0`;
  // One thread and no version strings: the same input gives the same bytes.
  const exact = '-threads 1 -fflags +bitexact -flags:v +bitexact -map_metadata -1 -movflags +faststart';
  const options = `-an -r ${FPS} ${encoder} ${gop} ${exact}`.split(' ');
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-i', source, '-vf', filter, ...options, out]);

  const bytes = readFileSync(out);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  console.log(`${out}: 640x360, ${FPS} fps, ${bytes.length} bytes, sha256 ${sha256}`);
}
