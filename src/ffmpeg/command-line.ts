import type { Readable } from 'node:stream';
import buildCommand from 'fluent-ffmpeg';
import type { Decoding, FfmpegSource } from '../core/camera-source.ts';
import type { Ffmpeg } from './find.ts';
import { HTTP_PROTOCOLS, httpScript } from './http-script.ts';
import { rtspProtocols, rtspScript } from './rtsp-script.ts';

type FileSource = Extract<FfmpegSource, { kind: 'file' }>;

/** What to start: no secret in `args`, that is what `stdin` is for. */
export interface Command {
  readonly args: readonly string[];
  readonly stdin?: string | Readable;
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
  readonly source: FfmpegSource;
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
/** MJPEG has no timestamps: ffmpeg would count 25 pictures to the second, whatever the camera's rate. */
const TIME_OF_ARRIVAL = 'settb=AVTB,setpts=RTCTIME-RTCSTART';
const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error'];
/**
 * Of a decoder or encoder. Cameras share the processors among themselves, and passing pictures from thread to thread is
 * a sixth of what ffmpeg needs for 640x360. Several decoding threads would each hold a picture back, too.
 */
const ONE_THREAD = ['-threads', '1'];

/**
 * The command that decodes one source to NUT with rgb24 pictures on its standard output, in time order, each with
 * its own timestamp, none repeated. Understood by ffmpeg 4.1 to 9.
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `addressScript` does.
 */
export async function frameCommand(options: FrameCommandOptions): Promise<Command> {
  const { stdin, ...input } = await inputOf(options.source, options.ffmpeg);
  const args = buildArguments({ ...input, outputOptions: frameOptions(options), output: 'pipe:1' });
  return stdin === undefined ? { args } : { args, stdin };
}

/**
 * How ffmpeg is told to read a source.
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `addressScript` does.
 */
export async function inputOf(
  source: FfmpegSource,
  ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>,
): Promise<Input> {
  switch (source.kind) {
    case 'rtsp':
      return scriptInput(source, rtspProtocols(source.url), await rtspScript(source.url, ffmpeg));
    case 'http':
      return scriptInput(source, HTTP_PROTOCOLS, await httpScript(source.url, ffmpeg));
    case 'file':
      // The prefix keeps a colon in the file's name from ending a protocol.
      return { inputOptions: fileOptions(source), input: `file:${source.path}` };
    case 'v4l2':
      return { inputOptions: [...ONE_THREAD, ...decoderOptions(source), '-f', 'v4l2'], input: source.device };
    case 'lavfi':
      return { inputOptions: ['-re', '-f', 'lavfi'], input: source.graph };
  }
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

function scriptInput(decoding: Decoding, protocols: string, stdin: string): Input {
  const inputOptions = [
    ...ONE_THREAD,
    ...decoderOptions(decoding),
    ...['-fpsprobesize', '0', '-analyzeduration', '500000'], // of the script, as it says itself of the camera
    ...['-protocol_whitelist', protocols, '-safe', '0', '-f', 'concat'],
  ];
  return { inputOptions, input: 'pipe:0', stdin };
}

function fileOptions({ pace, loop, ...decoding }: FileSource): string[] {
  const options = ['-protocol_whitelist', 'file']; // playlists can name nothing else
  if (pace === 'real-time') options.push('-re', ...ONE_THREAD);
  if (loop) options.push('-stream_loop', '-1');
  return [...options, ...decoderOptions(decoding)];
}

/** ffmpeg.org/ffmpeg.html, "-hwaccel"; ffmpeg-codecs.html, "skip_frame". */
function decoderOptions({ keyframesOnly = false, hardware }: Decoding): string[] {
  const options = keyframesOnly ? ['-skip_frame', 'nokey'] : [];
  if (hardware === 'v4l2m2m') return [...options, '-c:v', 'h264_v4l2m2m']; // a decoder of its own, not a hwaccel
  if (hardware === undefined) return options;
  // Left alone, qsv would keep its pictures where the filters cannot see them.
  const back = hardware === 'qsv' ? ['-hwaccel_output_format', 'nv12'] : [];
  return [...options, '-hwaccel', hardware, ...back];
}

function frameOptions({ source, fps, maxWidth }: FrameCommandOptions): string[] {
  const cell = (time: string): string => `floor(${time}*${fps}+${EARLY})`;
  const filters = [
    ...(source.kind === 'http' ? [TIME_OF_ARRIVAL] : []),
    `select='isnan(prev_selected_t)+gt(${cell('t')},${cell('prev_selected_t')})'`,
    // Of swscale's filters that average what they shrink, the cheapest.
    `scale=w='max(2,trunc(min(iw,${maxWidth})/2)*2)':h=-2:flags=area`,
    'format=rgb24',
  ];
  return [
    ...['-map', '0:v:0', '-filter_threads', '1', '-vf', filters.join(',')],
    ...['-c:v', 'rawvideo', ...ONE_THREAD],
    ...['-enc_time_base', '1/1000'], // else timestamps are rounded to the rate that the source claims to have
    ...['-flush_packets', '1'],
    ...['-write_index', '0', '-f', 'nut'], // an index would grow for as long as the camera runs
  ];
}
