import { concat, type MonoTypeOperatorFunction, retry, tap, throwError, timeout } from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import { asError, FalconetError } from '../core/error.ts';
import { hintFor } from '../ffmpeg/reasons.ts';
import { backoff } from './backoff.ts';
import type { Arrival } from './frame-target.ts';
import { watchFrozen } from './watch-frozen.ts';

/** How long a camera may be silent, and how long it is left alone after a failure. All in ms. */
export interface Patience {
  /** To the first frame. @default 15_000 */
  readonly firstMs: number;
  /** Between frames; three frame periods where that is longer. @default 10_000 */
  readonly gapMs: number;
  /** Of one and the same picture; `Infinity` never minds. @default 60_000 */
  readonly frozenMs: number;
  /** Wait before the first retry: longer than an ffmpeg may take to end. @default 2_500 */
  readonly retryMs: number;
  /** Longest wait before a retry, chance aside. @default 60_000 */
  readonly mostRetryMs: number;
}

export interface SuperviseOptions {
  readonly camera: string;
  readonly source: CameraSource;
  /** Most frames per second. */
  readonly fps: number;
  readonly patience?: Partial<Patience>;
  /** Watch, but try nothing again. @default false */
  readonly once?: boolean;
  /** Gets each failure before its retry. */
  readonly onFailure: (error: unknown) => void;
  /** A frame of a frozen camera was released. */
  readonly onFrozen: () => void;
}

export const PATIENCE: Patience = {
  firstMs: 15_000,
  gapMs: 10_000,
  frozenMs: 60_000,
  retryMs: 2_500,
  mostRetryMs: 60_000,
};
/** From key frame to key frame, of cameras that stretch it while nothing moves. */
const KEYFRAMES_MS = 10_000;

/**
 * Restarts a camera that ends, fails, falls silent or is frozen, with growing waits until frames come again. Busy
 * frames are signs of life too. For one stream of sessions.
 *
 * @throws what no retry can mend: SOURCE_ADDRESS; with `once` any failure.
 */
export function supervise(options: SuperviseOptions): MonoTypeOperatorFunction<Arrival> {
  const { camera, source, fps, patience, once = false, onFailure, onFrozen } = options;
  const { firstMs, gapMs, frozenMs, retryMs, mostRetryMs } = { ...PATIENCE, ...patience };
  const afterMs = source.kind === 'lavfi' ? Number.POSITIVE_INFINITY : frozenMs; // what is made up may stand still
  const frozen = watchFrozen({ camera, afterMs, onFrozen });
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
      frozen, // after the timeout: its frames are signs of life, but no reason to start waits anew
      tap({ error: onFailure }),
      retry({
        delay: (error: unknown, count) =>
          once || isHopeless(error) ? throwError(() => asError(error)) : wait(error, count),
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
