import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ffmpeg } from './find.ts';

/** An encoder of H.264, which every browser plays. */
export interface VideoEncoder {
  readonly name: string;
  readonly options: readonly string[];
}

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 10_000;
/** Best first (trac.ffmpeg.org/wiki/Encode/H.264; ffmpeg.org/ffmpeg-codecs.html, "libopenh264"). */
const ENCODERS: readonly VideoEncoder[] = [
  { name: 'libx264', options: ['-preset', 'veryfast', '-crf', '23', '-threads', '1'] },
  { name: 'libopenh264', options: ['-b:v', '2M', '-threads', '1'] },
];

/** The best encoder that an ffmpeg has; undefined where it has none. */
export async function videoEncoder({ path }: Pick<Ffmpeg, 'path'>): Promise<VideoEncoder | undefined> {
  const { stdout } = await run(path, ['-hide_banner', '-encoders'], { timeout: ANSWERS_WITHIN_MS });
  return ENCODERS.find(({ name }) => new RegExp(`^ V\\S+ ${name} `, 'm').test(stdout));
}
