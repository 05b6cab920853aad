import {
  concat,
  defer,
  filter,
  type MonoTypeOperatorFunction,
  type Observable,
  retry,
  tap,
  throwError,
  timeout,
} from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import type { CameraReason, CameraState } from '../core/camera-state.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { DropReason, Frame } from '../core/frame.ts';
import type { Log } from '../core/log.ts';
import type { Children } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { hintFor } from '../ffmpeg/reasons.ts';
import { backoff } from './backoff.ts';
import { cameraStates } from './camera-states.ts';
import { ffmpegFrames } from './ffmpeg-frames.ts';
import { FramePool } from './frame-pool.ts';
import type { Arrival } from './frame-target.ts';
import { type DecodePicture, pollFrames } from './poll-frames.ts';

/** How long a camera may be silent, and how long it is left alone after a failure. All in ms. */
export interface Patience {
  /** To the first frame. @default 15_000 */
  readonly firstMs: number;
  /** Between frames; three frame periods where that is longer. @default 10_000 */
  readonly gapMs: number;
  /** Wait before the first retry: longer than an ffmpeg may take to end. @default 2_500 */
  readonly retryMs: number;
  /** Longest wait before a retry, chance aside. @default 60_000 */
  readonly mostRetryMs: number;
}

export interface CameraFramesOptions {
  readonly camera: string;
  readonly source: CameraSource;
  /** Most frames per second; a source that gives fewer gives fewer. */
  readonly fps: number;
  /** Wider pictures are scaled to this, in their own aspect. @default 640 */
  readonly maxWidth?: number;
  /** How many frames can be held at once. @default 4 */
  readonly slots?: number;
  readonly ffmpeg: Ffmpeg;
  readonly children: Children;
  /** For snapshots, which ffmpeg has no part in. */
  readonly decode: DecodePicture;
  readonly clock: Clock;
  readonly log: Log;
  /** Values that must not leave with ffmpeg's messages. */
  readonly secrets: Iterable<string>;
  readonly patience?: Partial<Patience>;
  readonly onState: (state: CameraState) => void;
  readonly onDrop: (reason: DropReason, count: number) => void;
}

const PATIENCE: Patience = { firstMs: 15_000, gapMs: 10_000, retryMs: 2_500, mostRetryMs: 60_000 };
/** From key frame to key frame, of cameras that stretch it while nothing moves. */
const KEYFRAMES_MS = 10_000;

/**
 * Frames of one camera: cold, one ffmpeg per subscription. Each frame is the subscriber's to release.
 *
 * An RTSP camera is retried for ever, with growing waits; its stream ends by unsubscribing, or by an address that
 * no retry can mend. A file is read once: it completes at its end (unless it loops), and its failure is the
 * stream's.
 *
 * State changes: `connecting` once, `online` with each first frame, `stalled` or `offline` with the reason from a
 * failure until the next frame, `offline` at the end.
 *
 * @throws SOURCE_ADDRESS; for a file also SOURCE_ENDED with `facts.reason`, SOURCE_SPAWN and SOURCE_BYTES.
 */
export function cameraFrames(options: CameraFramesOptions): Observable<Frame> {
  const { camera, source, slots = 4, maxWidth = 640, clock, log, onState, onDrop } = options;
  return defer(() => {
    const tell = cameraStates({ camera, clock, onState });
    let seq = 0;
    const session = {
      ...options,
      maxWidth,
      pool: new FramePool(slots),
      clock: monotonic(clock),
      nextSeq: () => seq++,
    };
    const arrivals =
      source.kind === 'poll' ? pollFrames({ ...session, source }) : ffmpegFrames({ ...session, source });
    const failed = (error: unknown): void => {
      const { stalled, ...facts } = factsOf(error);
      const isNews = tell(stalled ? 'stalled' : 'offline', facts.reason);
      log[isNews ? 'warn' : 'debug']({ camera, ...facts }, asError(error).message);
    };

    tell('connecting', 'starting');
    return (source.kind === 'file' ? arrivals : arrivals.pipe(supervise(options, failed))).pipe(
      tap({
        next: (arrival) => (arrival === 'busy' ? onDrop('busy', 1) : tell('online', 'frames')),
        error: failed,
        complete: () => tell('offline', 'end-of-file'),
        unsubscribe: () => tell('offline', 'stopped'),
      }),
      filter((arrival) => arrival !== 'busy'),
    );
  });
}

/** Restarts a camera that ends, fails or falls silent. Busy frames are signs of life too. */
function supervise(
  { camera, source, fps, patience }: CameraFramesOptions,
  failed: (error: unknown) => void,
): MonoTypeOperatorFunction<Arrival> {
  const { firstMs, gapMs, retryMs, mostRetryMs } = { ...PATIENCE, ...patience };
  const each = Math.max(gapMs, expectedGapMs(source, fps));
  const wait = backoff({ firstMs: retryMs, mostMs: mostRetryMs });
  return (arrivals) =>
    concat(
      arrivals,
      throwError(() => streamEnded(camera, source)),
    ).pipe(
      timeout({
        first: firstMs,
        each,
        with: ({ seen }) => throwError(() => silent(camera, seen === 0 ? firstMs : each, seen)),
      }),
      tap({ error: failed }),
      retry({
        delay: (error: unknown, count) =>
          isHopeless(error) ? throwError(() => asError(error)) : wait(error, count),
        resetOnSuccess: true,
      }),
    );
}

/** Three times what lies between two frames when all is well. */
function expectedGapMs(source: CameraSource, fps: number): number {
  if (source.kind === 'poll') return 3 * source.intervalMs;
  const keyframesOnly = 'keyframesOnly' in source && source.keyframesOnly === true;
  return keyframesOnly ? 3 * KEYFRAMES_MS : 3_000 / fps;
}

function isHopeless(error: unknown): boolean {
  return error instanceof FalconetError && error.code === 'SOURCE_ADDRESS';
}

function streamEnded(camera: string, { kind }: CameraSource): FalconetError {
  return new FalconetError('SOURCE_ENDED', `${camera}: expected a stream without end, the camera ended it`, {
    ...(kind === 'http' && { hint: 'Set mode: poll if the address gives one picture at a time' }),
    facts: { reason: 'stream-ended' },
  });
}

function silent(camera: string, ms: number, seen: number): FalconetError {
  const what = seen === 0 ? 'a first frame' : 'a frame';
  return new FalconetError('SOURCE_STALLED', `${camera}: expected ${what} within ${ms} ms, got none`, {
    hint: hintFor('timed-out') ?? '',
    facts: { reason: 'timed-out', seen },
  });
}

interface FailureFacts {
  readonly reason: CameraReason;
  readonly stalled: boolean;
  readonly code?: string;
  readonly hint?: string;
}

/** What to tell and log of an error of the stream. */
function factsOf(error: unknown): FailureFacts {
  if (!(error instanceof FalconetError)) return { reason: 'ffmpeg-failed', stalled: false };
  const { code, hint, facts } = error;
  return {
    reason: (facts['reason'] as CameraReason | undefined) ?? 'ffmpeg-failed',
    stalled: code === 'SOURCE_STALLED' && facts['seen'] !== 0,
    code,
    ...(hint === undefined ? {} : { hint }),
  };
}
