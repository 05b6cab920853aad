import { defer, filter, type Observable, tap } from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import type { CameraReason, CameraState } from '../core/camera-state.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import { asError, FalconetError } from '../core/error.ts';
import type { DropReason, Frame } from '../core/frame.ts';
import type { Log } from '../core/log.ts';
import type { Children } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { cameraStates } from './camera-states.ts';
import { ffmpegFrames } from './ffmpeg-frames.ts';
import { FramePool } from './frame-pool.ts';
import { type DecodePicture, pollFrames } from './poll-frames.ts';
import { type Patience, supervise } from './supervise.ts';

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
  /** Of a camera too the first failure is the stream's: nothing is tried again. @default false */
  readonly once?: boolean;
  readonly onState: (state: CameraState) => void;
  /** A frame came from the source; it may yet be dropped. */
  readonly onCame?: () => void;
  readonly onDrop: (reason: DropReason, count: number) => void;
}

/**
 * Frames of one camera: cold, one ffmpeg per subscription. Each frame is the subscriber's to release.
 *
 * A camera is retried for ever, with growing waits, unless it is asked `once`; its stream ends by unsubscribing, or by an address that no
 * retry can mend. A file is read once: it completes at its end (unless it loops), and its failure is the
 * stream's.
 *
 * State changes: `connecting` once, `online` with each first frame, `stalled` or `offline` with the reason from a
 * failure until the next frame, `offline` at the end.
 *
 * @throws SOURCE_ADDRESS; for a file also SOURCE_ENDED with `facts.reason`, SOURCE_SPAWN and SOURCE_BYTES.
 */
export function cameraFrames(options: CameraFramesOptions): Observable<Frame> {
  const { camera, source, slots = 4, maxWidth = 640, clock, log, onState, onCame, onDrop } = options;
  return defer(() => {
    const tell = cameraStates({ camera, clock, onState });
    let seq = 0;
    const session = {
      ...options,
      maxWidth,
      pool: new FramePool(slots),
      clock: monotonic(clock),
      nextSeq() {
        onCame?.();
        return seq++;
      },
    };
    const arrivals =
      source.kind === 'poll' ? pollFrames({ ...session, source }) : ffmpegFrames({ ...session, source });
    const failed = (error: unknown): void => {
      const { stalled, ...facts } = factsOf(error);
      const isNews = tell(stalled ? 'stalled' : 'offline', facts.reason);
      log[isNews ? 'warn' : 'debug']({ camera, ...facts }, asError(error).message);
    };

    tell('connecting', 'starting');
    const onFrozen = (): void => onDrop('frozen', 1);
    const supervised = supervise({ ...options, onFailure: failed, onFrozen });
    return (source.kind === 'file' ? arrivals : arrivals.pipe(supervised)).pipe(
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

interface FailureFacts {
  readonly reason: CameraReason;
  readonly stalled: boolean;
  readonly code?: string;
  readonly hint?: string;
  /** How ffmpeg ended and what it said last, where no reason tells more. */
  readonly ffmpeg?: object;
}

/** What to tell and log of an error of the stream. */
function factsOf(error: unknown): FailureFacts {
  if (!(error instanceof FalconetError)) return { reason: 'ffmpeg-failed', stalled: false };
  const { code, hint, facts } = error;
  const { reason = 'ffmpeg-failed', seen, ...ended } = facts as { reason?: CameraReason; seen?: number };
  return {
    reason,
    stalled: code === 'SOURCE_STALLED' && seen !== 0,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(reason === 'ffmpeg-failed' && { ffmpeg: ended }),
  };
}
