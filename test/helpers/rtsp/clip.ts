import { runFfmpeg } from '../ffmpeg.ts';
import { type AccessUnit, accessUnits, type ParameterSets, parameterSets, splitNals } from './annex-b.ts';

/** A clip as a camera sends it. */
export interface Clip extends ParameterSets {
  readonly units: readonly AccessUnit[];
  readonly fps: number;
}

/** The pictures of an H.264 file without B-frames, as they are: nothing is decoded. */
export async function readClip(file: string): Promise<Clip> {
  const copy = ['-map', '0:v:0', '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', 'pipe:1'];
  const { stdout, stderr } = await runFfmpeg(['-hide_banner', '-nostdin', '-i', file, ...copy]);
  const nals = splitNals(stdout);
  const sets = parameterSets(nals);
  if (sets === undefined) throw new Error(`expected H.264 in ${file}, got: ${stderr.slice(-300)}`);
  const fps = Number(/Stream.*Video:.* ([\d.]+) fps/.exec(stderr)?.[1] ?? Number.NaN);
  if (!(fps > 0)) throw new Error(`expected a frame rate for ${file}, got: ${stderr.slice(-300)}`);
  return { units: accessUnits(nals), fps, ...sets };
}
