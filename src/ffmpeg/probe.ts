import type { Readable } from 'node:stream';
import type { FfmpegSource } from '../core/camera-source.ts';
import { FalconetError } from '../core/error.ts';
import type { Child } from './child.ts';
import type { Children } from './children.ts';
import { buildArguments, type Command, inputOf } from './command-line.ts';
import type { Ffmpeg } from './find.ts';
import { PacketReport, type StreamFacts } from './packet-report.ts';
import { hintFor } from './reasons.ts';
import { sourceFailure } from './source-failure.ts';

export interface ProbeOptions {
  readonly camera: string;
  readonly source: FfmpegSource;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  /** Values that must not leave with ffmpeg's messages. */
  readonly secrets: Iterable<string>;
  /** Wait for the first packet. @default 15_000 */
  readonly firstMs?: number;
  /** Wait for the second key frame. @default 12_000 */
  readonly watchMs?: number;
}

export interface Probe extends StreamFacts {
  /** From ffmpeg's start to the first packet, ms. */
  readonly firstMs: number;
}

/** Enough for a rate, where the camera sends key frames only. */
const LEAST_PACKETS = 20;

/**
 * What a source sends, told by its packets: they are listed, and only the first picture is decoded, to see that this
 * ffmpeg can. It takes until the second key frame, at least 20 packets.
 *
 * @throws SOURCE_ENDED with `facts.reason`, SOURCE_SPAWN, SOURCE_ADDRESS.
 */
export async function probeSource(options: ProbeOptions): Promise<Probe> {
  const { camera, source, ffmpeg, children, secrets, firstMs = 15_000, watchMs = 12_000 } = options;
  const command = await probeCommand(once(source), ffmpeg);
  const began = performance.now();
  const child = children.start({ path: ffmpeg.path, command, secrets });
  const report = new PacketReport();
  let first: number | undefined;
  let isLate = false;
  const giveUp = (): void => {
    isLate = true;
    void child.close();
  };
  let timer = setTimeout(giveUp, firstMs);
  try {
    for await (const line of linesOf(child)) {
      report.push(line);
      if (first === undefined && report.packets > 0) {
        first = performance.now() - began;
        clearTimeout(timer);
        timer = setTimeout(giveUp, watchMs);
      }
      if (report.keyframes >= 2 && report.packets >= LEAST_PACKETS) void child.close();
    }
    const exit = await child.ended;
    if (first !== undefined) return { ...report.facts(), firstMs: Math.round(first) };
    throw isLate ? silent(camera, firstMs) : sourceFailure({ camera, source, exit });
  } finally {
    clearTimeout(timer);
    await child.close();
  }
}

function silent(camera: string, ms: number): FalconetError {
  return new FalconetError('SOURCE_ENDED', `${camera}: expected video within ${ms / 1_000} s, got none`, {
    hint: hintFor('timed-out') ?? '',
    facts: { reason: 'timed-out' },
  });
}

/** A file is listed as fast as it can be read, and once. */
function once(source: FfmpegSource): FfmpegSource {
  return source.kind === 'file' ? { ...source, pace: 'fast', loop: false } : source;
}

async function probeCommand(source: FfmpegSource, ffmpeg: Ffmpeg): Promise<Command> {
  const { stdin, ...input } = await inputOf(source, ffmpeg);
  const onePicture = ['-map', '0:v:0', '-frames:v', '1', '-f', 'null', '-']; // an output of its own
  const packets = ['-map', '0:v:0', '-c', 'copy', '-flush_packets', '1', '-f', 'framecrc'];
  // MJPEG over HTTP has no timestamps of its own: ffmpeg would count 25 pictures to the second.
  const clock = source.kind === 'http' ? ['-use_wallclock_as_timestamps', '1'] : [];
  const inputOptions = [...clock, ...input.inputOptions];
  const outputOptions = [...onePicture, ...packets];
  const args = buildArguments({ ...input, inputOptions, outputOptions, output: 'pipe:1' });
  return stdin === undefined ? { args } : { args, stdin };
}

/** Whole lines until the child's output ends, or is destroyed because it was closed. */
async function* linesOf({ stdout }: Child): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const text of stdout.setEncoding('utf8') as Readable & AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // It was closed: what came until then is what there is.
  }
}
