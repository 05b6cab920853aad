import type { FfmpegSource } from '../core/camera-source.ts';
import { buildArguments, type Command, inputOf } from './command-line.ts';
import type { Ffmpeg } from './find.ts';

/**
 * The command that copies a source's video, not decoded, to its standard output as fragmented MP4, one picture a
 * fragment, so that a browser shows each as it comes (ffmpeg.org/ffmpeg-formats.html, "Fragmentation").
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `inputOf` does.
 */
export async function liveCommand(
  source: FfmpegSource,
  ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>,
): Promise<Command> {
  const { stdin, ...input } = await inputOf(source, ffmpeg);
  const outputOptions = [
    ...['-map', '0:v:0', '-c', 'copy', '-flush_packets', '1'],
    ...['-movflags', 'empty_moov+default_base_moof+frag_every_frame', '-f', 'mp4'],
  ];
  const args = buildArguments({ ...input, outputOptions, output: 'pipe:1' });
  return stdin === undefined ? { args } : { args, stdin };
}
