import buildCommand from 'fluent-ffmpeg';
import type { CameraSource } from '../core/camera-source.ts';
import type { Ffmpeg } from './find.ts';
import { rtspProtocols, rtspScript } from './rtsp-script.ts';

type RtspSource = Extract<CameraSource, { kind: 'rtsp' }>;
type FileSource = Extract<CameraSource, { kind: 'file' }>;

/** What to start: no secret in `args`, that is what `stdin` is for. */
export interface Command {
  readonly args: readonly string[];
  readonly stdin?: string;
}

/** How ffmpeg is told what to read: no secret but in `stdin`. */
export interface Input {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly stdin?: string;
}

export interface ArgumentParts {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly outputOptions: readonly string[];
  readonly output: string;
}

export interface FrameCommandOptions {
  readonly ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>;
  readonly source: CameraSource;
  /** At most so many pictures a second, on average; dropped ones cost no scaling. */
  readonly fps: number;
  readonly maxWidth: number;
}

/**
 * Pictures are chosen by a grid of 1 / fps, so that the rate holds on average whatever the source's: the first in
 * each cell. Cells begin so much of their length early, because cameras jitter and one at just this rate would
 * lose every other picture; and not by a half or a quarter, where common rates would fall on the border.
 */
const EARLY = 0.27;
const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error'];

/**
 * The command that decodes one source to NUT with rgb24 pictures on its standard output, in time order, each with
 * its own timestamp, none repeated. Understood by ffmpeg 4.1 to 9.
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `rtspScript` does.
 */
export async function frameCommand(options: FrameCommandOptions): Promise<Command> {
  const { stdin, ...input } = await inputOf(options.source, options.ffmpeg);
  const args = buildArguments({ ...input, outputOptions: frameOptions(options), output: 'pipe:1' });
  return stdin === undefined ? { args } : { args, stdin };
}

/** @throws SOURCE_ADDRESS, SOURCE_ENDED as `rtspScript` does. */
export async function inputOf(
  source: CameraSource,
  ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>,
): Promise<Input> {
  // The prefix keeps a colon in the file's name from ending a protocol.
  if (source.kind === 'file') return { inputOptions: fileOptions(source), input: `file:${source.path}` };
  const stdin = await rtspScript(source.url, ffmpeg);
  return { inputOptions: rtspOptions(source), input: 'pipe:0', stdin };
}

/**
 * ffmpeg's arguments in the order that fluent-ffmpeg gives them. An option and its value are entries of their own;
 * they are passed on all at once, because fluent-ffmpeg splits one that comes alone at its blank.
 */
export function buildArguments({ inputOptions, input, outputOptions, output }: ArgumentParts): string[] {
  if (outputOptions.length === 1)
    throw new TypeError(`expected options with values, got ${outputOptions[0]}`);
  const command = buildCommand(input) as buildCommand.FfmpegCommand & { _getArguments(): string[] };
  command.inputOptions(...QUIET, ...inputOptions).outputOptions(...outputOptions);
  return command.output(output)._getArguments();
}

function fileOptions({ pace, loop }: FileSource): string[] {
  const options = ['-protocol_whitelist', 'file']; // playlists can name nothing else
  if (pace === 'real-time') options.push('-re');
  if (loop) options.push('-stream_loop', '-1');
  return options;
}

function rtspOptions({ url }: RtspSource): string[] {
  return [
    ...['-threads', '1'], // of the decoder: several would each hold a picture back
    ...['-fpsprobesize', '0', '-analyzeduration', '500000'], // of the script, as rtspScript does of the camera
    ...['-protocol_whitelist', rtspProtocols(url), '-safe', '0', '-f', 'concat'],
  ];
}

function frameOptions({ fps, maxWidth }: FrameCommandOptions): string[] {
  const cell = (time: string): string => `floor(${time}*${fps}+${EARLY})`;
  const filters = [
    `select='isnan(prev_selected_t)+gt(${cell('t')},${cell('prev_selected_t')})'`,
    // Of swscale's filters that average what they shrink, the cheapest.
    `scale=w='max(2,trunc(min(iw,${maxWidth})/2)*2)':h=-2:flags=area`,
    'format=rgb24',
  ];
  return [
    ...['-map', '0:v:0', '-vf', filters.join(','), '-c:v', 'rawvideo'],
    ...['-enc_time_base', '1/1000'], // else timestamps are rounded to the rate that the source claims to have
    ...['-flush_packets', '1'],
    ...['-write_index', '0', '-f', 'nut'], // an index would grow for as long as the camera runs
  ];
}
