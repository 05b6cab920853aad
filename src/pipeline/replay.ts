import { map, type Observable } from 'rxjs';
import { setClock } from '../core/clock.ts';
import type { Detection, Detector } from '../core/detection.ts';
import { asError } from '../core/error.ts';
import { fourDecimals } from '../core/four-decimals.ts';
import type { Frame } from '../core/frame.ts';
import type { Log } from '../core/log.ts';
import type { Look } from '../core/look.ts';
import type { Delivery } from '../core/sink.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { type CameraPlan, startPipeline } from '../pipeline.ts';
import { cameraFrames } from '../streams/camera-frames.ts';
import type { FrameSource } from './camera.ts';
import type { Playback } from './recording.ts';

/** What one frame showed. */
export interface ReplayLook {
  readonly frame: { readonly width: number; readonly height: number };
  readonly seq: number;
  /** ms since the first frame. */
  readonly pts: number;
  readonly look: Look;
  readonly detections: readonly Detection[];
}

export interface ReplayOptions {
  readonly gateway: string;
  /** Its source is a file that is read `fast`. */
  readonly plan: CameraPlan;
  readonly detector: Detector;
  readonly ffmpeg: Ffmpeg;
  /** What is recorded of the clip, instead of the clip itself. @default the plan's file */
  readonly playback?: Pick<Playback, 'frames' | 'gate'>;
  /** Time of the first frame, ms since the epoch. */
  readonly startMs: number;
  /** Values that no message may hold. */
  readonly secrets: Iterable<string>;
  readonly log: Log;
  /** Gets the events in their order, each with its picture. */
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onLook?: (look: ReplayLook) => void;
  /** What each rule made of each track that a frame shows, before its events come. */
  readonly onVerdicts?: (verdicts: readonly Verdict[]) => void;
}

export interface ReplayEnd {
  /** Frames that were looked at and judged. */
  readonly looks: number;
  /** Frames that the engine lost or that could not be judged: with one of them, this is no exact replay. */
  readonly lost: number;
  /** The clip or the engine came to a bad end; it was logged. */
  readonly failed: boolean;
}

export interface Replay {
  /** Settles when the clip has ended and all its events are delivered; rejects with what a callback throws. */
  readonly finished: Promise<ReplayEnd>;
  /** Ends the lives and leaves no child. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Of the events: every replay is the same run. */
const RUN = 'replay';

/**
 * Runs a camera's configuration over a recording, in the time of the recording: the daemon's own pipeline, in which
 * one frame at a time is under way, the next one waits for it, and the clock stands at the newest frame that was looked
 * at, `startMs` and its `pts`. So nothing is dropped, nothing depends on how fast the machine is, `latency_ms` and
 * `late_s` are 0, and equal detections give equal events.
 *
 * Detections have four decimals here, as events have: when they are recorded and played again, the events are
 * the same.
 */
export function startReplay(options: ReplayOptions): Replay {
  const { plan, detector, playback = { frames: clipFrames }, startMs, onDelivery, onLook } = options;
  const clock = setClock(startMs);
  let underWay: Frame | undefined;
  let asked = 0;
  let looks = 0;
  let isStopped = false;
  let fault: Error | undefined;

  /** Who cannot take an event, its disk being full, ends the replay: what comes after would lack it. */
  const hand = (give: () => void): void => {
    if (fault !== undefined) return;
    try {
      give();
    } catch (error) {
      fault = asError(error);
      void pipeline.close();
    }
  };
  const detect: Detector['detect'] = async (jobs) => {
    asked += jobs.length;
    if (underWay !== undefined) clock.set(underWay.wallTime);
    const found = await detector.detect(jobs);
    return found.map((detections) => detections.map(rounded));
  };
  const { model, labels, engine, inputSize } = detector;
  const pipeline = startPipeline({
    ...options,
    ...playback,
    run: RUN,
    cameras: [plan],
    detector: { model, labels, engine, inputSize, processes: 1, detect, close: () => detector.close() },
    sinks: [{ push: (delivery) => hand(() => onDelivery(delivery)), state() {} }],
    clock,
    frames: (frameOptions) =>
      playback
        .frames(frameOptions)
        .pipe(map((frame) => (underWay = { ...frame, wallTime: Math.round(startMs + frame.pts) }))),
    onFrame({ seq, pts, detections, look }) {
      looks++;
      const { width = 0, height = 0 } = underWay ?? {};
      hand(() => onLook?.({ frame: { width, height }, seq, pts, look, detections }));
    },
  });

  const finished = (async (): Promise<ReplayEnd> => {
    const { failed } = await pipeline.finished;
    await pipeline.close(); // the last events are out then
    if (fault !== undefined) throw fault;
    return { looks, lost: isStopped ? 0 : asked - looks, failed: failed.length > 0 };
  })();
  return {
    finished,
    async close() {
      isStopped = true;
      await pipeline.close();
      await finished.catch(() => {}); // whoever waits for it hears of it
    },
  };
}

/** With one place for a picture, the file waits until the frame before is done with. */
function clipFrames(options: Parameters<FrameSource>[0]): Observable<Frame> {
  return cameraFrames({ ...options, slots: 1 });
}

/** To four decimals. */
function rounded({ label, score, box }: Detection): Detection {
  const [x, y, width, height] = box;
  return {
    label,
    score: fourDecimals(score),
    box: [fourDecimals(x), fourDecimals(y), fourDecimals(width), fourDecimals(height)],
  };
}
