import { defer, exhaustMap, finalize, type Observable, timer } from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import type { Clock } from '../core/clock.ts';
import { FalconetError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import type { FramePool } from './frame-pool.ts';
import { type Arrival, FrameTarget } from './frame-target.ts';
import { snapshots } from './snapshot.ts';

/** Makes RGB24 of a picture file's bytes, at most `maxWidth` wide, in its own aspect. */
export type DecodePicture = (
  bytes: Buffer,
  most: { readonly maxWidth: number },
) => Promise<Pick<Frame, 'width' | 'height' | 'data'>>;

export interface PollFramesOptions {
  readonly camera: string;
  readonly source: Extract<CameraSource, { kind: 'poll' }>;
  readonly maxWidth: number;
  readonly decode: DecodePicture;
  readonly pool: FramePool;
  /** Must not fall. */
  readonly clock: Clock;
  /** Number of the next frame; called once for each, busy ones too. */
  readonly nextSeq: () => number;
}

/**
 * Cold stream of a camera's snapshots, the first at once. While one is under way, the next are not asked for.
 *
 * @throws SOURCE_ENDED with `facts.reason` when the camera gives none.
 */
export function pollFrames(options: PollFramesOptions): Observable<Arrival> {
  const { camera, source, maxWidth, decode, clock } = options;
  return defer(() => {
    const leaving = new AbortController();
    const ask = snapshots(camera, source.url);
    let began: number | undefined;
    let arrived: Arrival = 'busy';
    const target = new FrameTarget({
      ...options,
      whenFull: 'drop',
      onArrival: (arrival) => {
        arrived = arrival;
      },
    });

    const look = async (): Promise<Arrival> => {
      const bytes = await ask(leaving.signal);
      const picture = await decode(bytes, { maxWidth }).catch((cause: unknown) => {
        throw notAPicture(camera, cause);
      });
      leaving.signal.throwIfAborted(); // nobody would release the frame
      const now = clock.now();
      began ??= now;
      target.size(picture.width, picture.height);
      const place = target.take(now - began);
      if (typeof place !== 'string') {
        place.set(picture.data);
        target.filled();
      }
      return arrived;
    };
    return timer(0, source.intervalMs).pipe(
      exhaustMap(look),
      finalize(() => leaving.abort()),
    );
  });
}

function notAPicture(camera: string, cause: unknown): FalconetError {
  return new FalconetError('SOURCE_ENDED', `${camera}: expected a picture, got something else`, {
    hint: "Check that the camera's address gives one JPEG picture, without mode: poll if it is a stream",
    facts: { reason: 'not-video' },
    cause,
  });
}
