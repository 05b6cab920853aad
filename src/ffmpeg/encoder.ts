import { askFfmpeg } from './ask.ts';
import type { Ffmpeg } from './find.ts';

/** An encoder of H.264, which every browser plays. */
export interface VideoEncoder {
  readonly name: string;
  readonly options: readonly string[];
}

/** Best first (trac.ffmpeg.org/wiki/Encode/H.264; ffmpeg.org/ffmpeg-codecs.html, "libopenh264"). */
const ENCODERS: readonly VideoEncoder[] = [
  { name: 'libx264', options: ['-preset', 'veryfast', '-crf', '23', '-threads', '1'] },
  { name: 'libopenh264', options: ['-b:v', '2M', '-threads', '1'] },
];

/** The best encoder that an ffmpeg has; undefined where it has none. */
export async function videoEncoder({ path }: Pick<Ffmpeg, 'path'>): Promise<VideoEncoder | undefined> {
  const said = await askFfmpeg(path, ['-hide_banner', '-encoders']);
  return ENCODERS.find(({ name }) => new RegExp(`^ V\\S+ ${name} `, 'm').test(said));
}
