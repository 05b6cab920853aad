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

/** Segments as one stream: MPEG-TS is made to be cut and joined anywhere. */
const SEGMENTS = { inputOptions: ['-threads', '1', '-f', 'mpegts'], input: 'pipe:0' } as const;

export interface ClipCommandOptions {
  /** The bytes of the segments, one after the other. */
  readonly segments: Readable;
  /** MP4 file to write. */
  readonly path: string;
  /** A PNG of the video's size, laid over each picture, which has to be encoded for it. @default copied as it is */
  readonly cover?: { readonly path: string; readonly encoder: VideoEncoder } | undefined;
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
  // The cover is an input of its own; the filter repeats its one picture to the end.
  const second = ['-f', 'png_pipe', '-i', `file:${cover.path}`];
  const filter = ['-filter_complex', '[0:v:0][1:v:0]overlay[out]', '-map', '[out]', '-pix_fmt', 'yuv420p'];
  const outputOptions = [...second, ...filter, '-c:v', cover.encoder.name, ...cover.encoder.options, ...file];
  return { args: buildArguments({ ...SEGMENTS, outputOptions, output }), stdin: segments };
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
