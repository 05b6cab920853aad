import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { silentLog } from '../../src/core/log.ts';
import { type Ffmpeg, findFfmpeg } from '../../src/ffmpeg/find.ts';

const run = promisify(execFile);
const MOST_BYTES = 64 * 1024 * 1024;

/** The ffmpeg 4.1 that npm installed: every machine that runs the tests has it. */
export async function bundledFfmpeg(): Promise<Ffmpeg> {
  const { path } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string };
  return { ...(await findFfmpeg({ configured: path, log: silentLog })), origin: 'bundled' };
}

/** The bundled ffmpeg and, where there is another, the one on PATH: what holds for one must hold for both. */
export async function availableFfmpegs(): Promise<Ffmpeg[]> {
  const first = await findFfmpeg({ log: silentLog });
  return first.origin === 'path' ? [await bundledFfmpeg(), first] : [await bundledFfmpeg()];
}

/** Runs an ffmpeg to its end; its standard output. */
export async function runFfmpeg({ path }: Ffmpeg, ...args: string[]): Promise<Buffer> {
  const quiet = ['-nostdin', '-y', '-loglevel', 'error'];
  return (await run(path, [...quiet, ...args], { encoding: 'buffer', maxBuffer: MOST_BYTES })).stdout;
}

export interface ClipOptions {
  readonly size?: string;
  readonly rate?: number;
  readonly seconds?: number;
  /** Filters of the test picture, such as a gap in time. */
  readonly filters?: string;
}

/** Writes H.264 of ffmpeg's test picture to `file`; its format follows the name. */
export async function makeClip(
  file: string,
  { size = '320x180', rate = 10, seconds = 2, filters = 'null' }: ClipOptions = {},
): Promise<string> {
  const source = `testsrc=size=${size}:rate=${rate}:duration=${seconds}`;
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(rate), '-pix_fmt', 'yuv420p'];
  const input = ['-f', 'lavfi', '-i', source, '-vf', filters, '-vsync', 'vfr'];
  await runFfmpeg(await bundledFfmpeg(), ...input, ...encoder, file);
  return file;
}
