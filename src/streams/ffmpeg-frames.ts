import { defer, Observable, switchMap } from 'rxjs';
import type { FfmpegSource } from '../core/camera-source.ts';
import type { Clock } from '../core/clock.ts';
import { FalconetError } from '../core/error.ts';
import type { Child, ChildExit } from '../ffmpeg/child.ts';
import type { Children } from '../ffmpeg/children.ts';
import { type Command, frameCommand } from '../ffmpeg/command-line.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { NutParser } from '../ffmpeg/nut.ts';
import { sourceFailure } from '../ffmpeg/source-failure.ts';
import type { FramePool } from './frame-pool.ts';
import { type Arrival, FrameTarget } from './frame-target.ts';

export interface FfmpegFramesOptions {
  readonly camera: string;
  readonly source: FfmpegSource;
  readonly fps: number;
  readonly maxWidth: number;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  readonly pool: FramePool;
  /** Must not fall. */
  readonly clock: Clock;
  readonly secrets: Iterable<string>;
  /** Number of the next frame; called once for each, busy ones too. */
  readonly nextSeq: () => number;
}

/**
 * Cold stream of decoded frames: one ffmpeg per subscription, ended with it. A file that is read `fast` loses
 * nothing: it waits for a free place; any other source is `busy` then.
 *
 * Completes when ffmpeg ends well after at least one frame. Restart and stall watch belong to the caller.
 *
 * @throws SOURCE_SPAWN when ffmpeg cannot be started; SOURCE_ENDED with `facts.reason` when it fails or shows
 *   nothing; SOURCE_BYTES when its output is no NUT; SOURCE_ADDRESS when the source's URL is none.
 */
export function ffmpegFrames(options: FfmpegFramesOptions): Observable<Arrival> {
  return defer(() => frameCommand(options)).pipe(switchMap((command) => childFrames(options, command)));
}

function childFrames(options: FfmpegFramesOptions, command: Command): Observable<Arrival> {
  const { children, ffmpeg, pool, secrets, source } = options;
  return new Observable<Arrival>((subscriber) => {
    const child = children.start({ path: ffmpeg.path, command, secrets });
    const target = new FrameTarget({
      ...options,
      whenFull: source.kind === 'file' && source.pace === 'fast' ? 'wait' : 'drop',
      onArrival(arrival) {
        if (!subscriber.closed) subscriber.next(arrival);
        else if (arrival !== 'busy') arrival.release();
      },
    });
    pump(child, target, pool)
      .finally(() => target.abandon())
      .then((exit) => {
        const isGood = exit.exitCode === 0 && target.count > 0;
        if (isGood) subscriber.complete();
        else subscriber.error(sourceFailure({ ...options, exit }));
      })
      .catch((error: unknown) => subscriber.error(error));
    return () => {
      void child.close();
    };
  });
}

/** Moves a child's output to the target until it ends. */
async function pump(child: Child, target: FrameTarget, pool: FramePool): Promise<ChildExit> {
  const parser = new NutParser(target);
  try {
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      let taken = parser.push(chunk);
      while (taken < chunk.length) {
        await pool.freed();
        taken += parser.push(chunk.subarray(taken));
      }
    }
  } catch (error) {
    if (!isStreamError(error)) throw error;
    // stdout was destroyed, or never opened: how the child ended says why.
  }
  return child.ended;
}

function isStreamError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && !(error instanceof FalconetError);
}
