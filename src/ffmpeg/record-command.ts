import type { Readable } from 'node:stream';
import type { FfmpegSource } from '../core/camera-source.ts';
import { buildArguments, type Command, inputOf } from './command-line.ts';
import type { VideoEncoder } from './encoder.ts';
import type { Ffmpeg } from './find.ts';

export interface RecordCommandOptions {
  readonly ffmpeg: Pick<Ffmpeg, 'origin' | 'generation'>;
  readonly source: FfmpegSource;
  /** Absolute; files go here as `<session>-<number>.ts`. */
  readonly folder: string;
  readonly session: string;
}

/** A segment ends with the first keyframe after this, so most have one group of pictures. */
const SEGMENT_SECONDS = 1;

/**
 * The command that copies a source's video into segments (ffmpeg.org/ffmpeg-formats.html, "segment"), and writes
 * `name,start,end` to its standard output, in s since the session's start, as each is finished. No sound: few cameras
 * send one that MP4 takes, and neighbours need not be heard.
 *
 * Each picture has a line there too ("framecrc"): ffmpeg minds whether anybody reads those, and not whether anybody reads
 * its list, so that it ends with the gateway, however that ends, and does not go on to fill the disk.
 *
 * @throws SOURCE_ADDRESS, SOURCE_ENDED as `inputOf` does.
 */
export async function recordCommand(options: RecordCommandOptions): Promise<Command> {
  const { source, ffmpeg, folder, session } = options;
  const { stdin, ...input } = await inputOf(source, ffmpeg);
  const copied = ['-map', '0:v:0', '-c', 'copy'];
  const outputOptions = [
    ...[...copied, '-flush_packets', '1', '-f', 'framecrc', 'pipe:1'],
    ...[...copied, '-f', 'segment', '-segment_format', 'mpegts', '-segment_time', String(SEGMENT_SECONDS)],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', '-segment_list_size', '0'],
  ];
  // In the pattern of the names a percent sign is written twice.
  const output = `${folder.replaceAll('%', '%%')}/${session}-%06d.ts`;
  const args = buildArguments({ ...input, outputOptions, output });
  return stdin === undefined ? { args } : { args, stdin };
}

/** Of what MPEG-TS and MP4 both have a place for, as ffmpeg calls it; of other video a segment cannot be read again. */
const RECORDABLE = new Set(['h264', 'hevc', 'mpeg4', 'mpeg2video', 'mpeg1video']);

/** The codec that a line of a recording's output names, where its video cannot be recorded. */
export function unrecordableCodec(line: string): string | undefined {
  const codec = /^#codec_id 0: +(\S+)/.exec(line)?.[1];
  return codec === undefined || RECORDABLE.has(codec) ? undefined : codec;
}

/** Segments as one stream: MPEG-TS is made to be cut and joined anywhere. */
const SEGMENTS = { inputOptions: ['-threads', '1', '-f', 'mpegts'], input: 'pipe:0' } as const;

/** A PNG that is laid over each picture of a clip. */
export interface Cover {
  readonly path: string;
  /** Of the PNG, and so of the whole clip, pixels: pictures of another size are scaled to it. */
  readonly width: number;
  readonly height: number;
  /** What is covered has to be encoded. */
  readonly encoder: VideoEncoder;
}

export interface ClipCommandOptions {
  /** The bytes of the segments, one after the other. */
  readonly segments: Readable;
  /** MP4 file to write. */
  readonly path: string;
  /** @default the video is copied as it is */
  readonly cover?: Cover | undefined;
}

/**
 * The command that makes an MP4 of segments, its index in front, so that a browser plays it while it loads
 * (ffmpeg.org/ffmpeg-formats.html, "mov, mp4").
 */
export function clipCommand({ segments, path, cover }: ClipCommandOptions): Command {
  const file = ['-movflags', '+faststart', '-f', 'mp4'];
  const output = `file:${path}`;
  if (cover === undefined) {
    return {
      args: buildArguments({ ...SEGMENTS, outputOptions: ['-map', '0:v:0', '-c', 'copy', ...file], output }),
      stdin: segments,
    };
  }
  // The filter repeats the one picture of the second input for as long as it is not built anew. ffmpeg would do that with
  // each new size of the video, when there is no picture any more, and go on without the cover.
  const inputOptions = ['-reinit_filter', '0', ...SEGMENTS.inputOptions];
  const second = ['-f', 'png_pipe', '-i', `file:${cover.path}`];
  const graph = `[0:v:0]scale=${cover.width}:${cover.height}[sized];[sized][1:v:0]overlay[out]`;
  const filter = ['-filter_complex', graph, '-map', '[out]', '-pix_fmt', 'yuv420p'];
  const outputOptions = [...second, ...filter, '-c:v', cover.encoder.name, ...cover.encoder.options, ...file];
  return { args: buildArguments({ ...SEGMENTS, inputOptions, outputOptions, output }), stdin: segments };
}

/** A timestamp may be off by the time base it went through. */
const ROUNDING_SECONDS = 0.02;

/**
 * The command that decodes two pictures of segments to NUT with rgb24 on its standard output: the very first, and the
 * first at `seconds` after it or later, so that the time between them tells when that one was.
 */
export function stillCommand(segments: Readable, seconds: number): Command {
  const from = Math.max(0, seconds - ROUNDING_SECONDS).toFixed(3);
  const outputOptions = [
    ...['-map', '0:v:0', '-vf', `select='eq(n,0)+gte(t,${from})',format=rgb24`, '-frames:v', '2'],
    ...['-c:v', 'rawvideo', '-enc_time_base', '1/1000', '-f', 'nut'],
  ];
  return { args: buildArguments({ ...SEGMENTS, outputOptions, output: 'pipe:1' }), stdin: segments };
}
