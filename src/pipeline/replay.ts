import { map, type Observable } from 'rxjs';
import { type SetClock, setClock } from '../core/clock.ts';
import type { Detection, Detector } from '../core/detection.ts';
import type { Frame } from '../core/frame.ts';
import type { Log } from '../core/log.ts';
import type { RecordedLook } from '../core/schema/detections.ts';
import type { Delivery } from '../core/sink.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { type CameraPlan, startPipeline } from '../pipeline.ts';
import { cameraFrames } from '../streams/camera-frames.ts';
import type { FrameSource } from './camera.ts';

/** What one frame showed, and how large it is. */
export interface ReplayLook extends RecordedLook {
  readonly frame: { readonly width: number; readonly height: number };
}

export interface ReplayOptions {
  readonly gateway: string;
  /** Its source is a file that is read `fast`. */
  readonly plan: CameraPlan;
  readonly detector: Detector;
  readonly ffmpeg: Ffmpeg;
  /** @default the plan's file */
  readonly frames?: FrameSource;
  /** Time of the first frame, ms since the epoch. */
  readonly startMs: number;
  /** Values that no message may hold. */
  readonly secrets: Iterable<string>;
  readonly log: Log;
  /** Gets the events in their order, each with its picture. */
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onLook?: (look: ReplayLook) => void;
}

export interface ReplayEnd {
  /** Frames that were looked at. */
  readonly looks: number;
  /** Frames that the engine lost: with one of them, this is no exact replay. */
  readonly lost: number;
  /** The clip or the engine came to a bad end; it was logged. */
  readonly failed: boolean;
}

export interface Replay {
  /** Settles when the clip has ended and all its events are delivered; never rejects. */
  readonly finished: Promise<ReplayEnd>;
  /** Ends the lives and leaves no child. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Of the events: every replay is the same run. */
const RUN = 'replay';

/**
 * Runs a camera's configuration over a recording, in the time of the recording: the daemon's own pipeline, in which
 * one frame at a time is under way, the next one waits for it, and the clock is set by each frame to `startMs` and
 * its `pts`. So nothing is dropped, nothing depends on how fast the machine is, `latency_ms` and `late_s` are 0, and
 * equal detections give equal events.
 *
 * Detections have four decimals here, as events have: when they are recorded and played again, the events are
 * the same.
 */
export function startReplay(options: ReplayOptions): Replay {
  const { plan, detector, frames = clipFrames, startMs, onDelivery, onLook } = options;
  const clock = setClock(startMs);
  let underWay: Frame | undefined;
  let looks = 0;
  let lost = 0;

  const detect: Detector['detect'] = async (jobs) => {
    const answer = await detector.detect(jobs).catch((error: unknown) => {
      lost += jobs.length;
      throw error;
    });
    const found = answer.map((detections) => detections.map(rounded));
    if (underWay !== undefined) {
      const { seq, pts, width, height } = underWay;
      onLook?.({ seq, pts, detections: found.flat(), frame: { width, height } });
    }
    looks += jobs.length;
    return found;
  };
  const { model, labels, engine } = detector;
  const pipeline = startPipeline({
    ...options,
    run: RUN,
    cameras: [plan],
    detector: { model, labels, engine, processes: 1, detect, close: () => detector.close() },
    sinks: [{ push: onDelivery, state() {} }],
    clock,
    frames: (frameOptions) =>
      inTime(frames(frameOptions), { clock, startMs }).pipe(map((frame) => (underWay = frame))),
  });

  const finished = (async (): Promise<ReplayEnd> => {
    const { failed } = await pipeline.finished;
    await pipeline.close(); // the last events are out then
    return { looks, lost, failed: failed.length > 0 };
  })();
  return {
    finished,
    async close() {
      await pipeline.close();
      await finished;
    },
  };
}

/** With one place for a picture, the file waits until the frame before is done with. */
function clipFrames(options: Parameters<FrameSource>[0]): Observable<Frame> {
  return cameraFrames({ ...options, slots: 1 });
}

/** Frames that arrive when they were taken. */
function inTime(
  frames: Observable<Frame>,
  { clock, startMs }: { readonly clock: SetClock; readonly startMs: number },
): Observable<Frame> {
  return frames.pipe(
    map((frame) => {
      clock.set(Math.round(startMs + frame.pts));
      return { ...frame, wallTime: clock.now() };
    }),
  );
}

/** To four decimals. */
function rounded({ label, score, box }: Detection): RecordedLook['detections'][number] {
  const [x, y, width, height] = box;
  return { label, score: round(score), box: [round(x), round(y), round(width), round(height)] };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
