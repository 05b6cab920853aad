import { EMPTY, type MonoTypeOperatorFunction, mergeMap, of, throwError } from 'rxjs';
import { FalconetError } from '../core/error.ts';
import { hintFor } from '../ffmpeg/reasons.ts';
import type { Arrival } from './frame-target.ts';
import { initialStillness, stillnessStep } from './frozen-picture.ts';

export interface WatchFrozenOptions {
  readonly camera: string;
  /** For how long a camera may show one and the same picture. `Infinity` does not look at it. */
  readonly afterMs: number;
  /** A frame of a frozen camera was released. */
  readonly onFrozen: () => void;
}

/**
 * Keeps back the frames of a camera that shows one and the same picture: they would let what stood there last be
 * seen for ever. It remembers the picture over the sessions that it is applied to, one after the other.
 *
 * @throws SOURCE_STALLED with `facts.reason` frozen-picture every `afterMs` while that lasts, so that a retry may help.
 */
export function watchFrozen(options: WatchFrozenOptions): MonoTypeOperatorFunction<Arrival> {
  const { camera, afterMs, onFrozen } = options;
  if (afterMs === Number.POSITIVE_INFINITY) return (arrivals) => arrivals;
  let stillness = initialStillness();
  return mergeMap((arrival) => {
    if (arrival === 'busy') return of(arrival);
    const [next, verdict] = stillnessStep(stillness, arrival, { afterMs });
    stillness = next;
    if (verdict === 'live') return of(arrival);
    arrival.release();
    onFrozen();
    return verdict === 'frozen' ? EMPTY : throwError(() => frozen(camera, afterMs));
  });
}

function frozen(camera: string, ms: number): FalconetError {
  return new FalconetError(
    'SOURCE_STALLED',
    `${camera}: expected pictures that change, got one for ${ms} ms`,
    {
      hint: hintFor('frozen-picture') ?? '',
      facts: { reason: 'frozen-picture' },
    },
  );
}
