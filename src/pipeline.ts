import type { ObservableInput, Subscription } from 'rxjs';
import { catchError, defer, EMPTY, finalize, interval, map, merge, type Observable } from 'rxjs';
import type { CameraSource } from './core/camera-source.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Detection, Detector } from './core/detection.ts';
import { asError } from './core/error.ts';
import type { Frame } from './core/frame.ts';
import type { FrameReport } from './core/frame-report.ts';
import type { Log } from './core/log.ts';
import type { LabelRule } from './events/options.ts';
import { type Children, createChildren } from './ffmpeg/children.ts';
import type { Ffmpeg } from './ffmpeg/find.ts';
import { cameraLane, type Lane } from './pipeline/lane.ts';
import type { SinkQueue } from './sinks/queue.ts';
import { cameraFrames } from './streams/camera-frames.ts';
import { type DropMeter, dropMeter } from './streams/meter.ts';
import { microBatch } from './streams/micro-batch.ts';

export interface CameraPlan {
  readonly camera: string;
  readonly source: CameraSource;
  /** Frames looked at, a second. */
  readonly fps: number;
  /** @default every label */
  readonly labels?: Readonly<Record<string, LabelRule>>;
}

export interface PipelineOptions {
  readonly gateway: string;
  /** Changes with every start. */
  readonly run: string;
  readonly cameras: readonly CameraPlan[];
  readonly detector: Detector;
  readonly ffmpeg: Ffmpeg;
  readonly sinks: readonly SinkQueue[];
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
  readonly log: Log;
  /** @default the system's */
  readonly clock?: Clock;
  /** Most frames in one call of the detector. @default 4 */
  readonly batchSize?: number;
  readonly onFrame?: (report: FrameReport) => void;
}

export interface Pipeline {
  /** Fulfilled when every source has ended, each with its events sent to the sinks; rejected never. */
  readonly finished: Promise<void>;
  /** Ends sources and lives, leaves no child. Idempotent, never rejects; the sinks stay open. */
  close(): Promise<void>;
}

interface Item {
  readonly lane: Lane;
  readonly frame: Frame;
}

const STATE_EVERY_MS = 30_000;

/**
 * Joins the rooms: each camera's frames, newest first, go in batches to the detector, and come back in order
 * to the camera's lane, where tracks become events and events go to the sinks.
 */
export function startPipeline(options: PipelineOptions): Pipeline {
  const { cameras, detector, log, clock = systemClock, batchSize = 4 } = options;
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  const children = createChildren();
  const lanes = cameras.map((plan) => {
    const drops = dropMeter({ camera: plan.camera, log, clock });
    const lane = cameraLane({ ...options, ...plan, drops, clock });
    return { lane, frames: laneFrames({ plan, lane, drops, children, clock }, options) };
  });

  const looks = merge(...lanes.map(({ frames }) => frames)).pipe(
    microBatch<Item, never>(
      {
        size: batchSize,
        runs: detector.processes + 1, // one batch travels while the others are computed
        keyOf: ({ lane }) => lane.camera,
        onDrop: ({ lane, frame }) => lane.drop(frame, 'late'),
      },
      (batch) => lookAt(batch, detector, log),
    ),
  );
  const running: Subscription = looks.subscribe({
    error: (error: unknown) => {
      log.error({ error: asError(error).message }, 'the pipeline ended');
      finish();
    },
    complete: finish,
  });
  const reportStates = (): void => {
    for (const { lane } of lanes) lane.reportState();
  };
  running.add(interval(STATE_EVERY_MS).subscribe(reportStates));

  let closing: Promise<void> | undefined;
  return {
    finished,
    close() {
      closing ??= (async () => {
        running.unsubscribe();
        for (const { lane } of lanes) lane.close();
        await children.closeAll();
        finish();
      })();
      return closing;
    },
  };
}

interface LaneParts {
  readonly plan: CameraPlan;
  readonly lane: Lane;
  readonly drops: DropMeter;
  readonly children: Children;
  readonly clock: Clock;
}

function laneFrames(
  { plan, lane, drops, children, clock }: LaneParts,
  { ffmpeg, secrets, log }: PipelineOptions,
): Observable<Item> {
  return cameraFrames({
    ...plan,
    ffmpeg,
    children,
    secrets,
    log,
    clock,
    onState: (state) => lane.setState(state),
    onDrop: (reason, count) => drops.count(reason, count),
  }).pipe(
    map((frame) => {
      lane.accept(frame);
      return { lane, frame };
    }),
    catchError(() => EMPTY), // its log line and state are out; the other cameras go on
    finalize(() => lane.sourceEnded()),
  );
}

/** One batch through the detector and each frame through its lane; a lost batch is counted, not fatal. */
function lookAt(batch: readonly Item[], detector: Detector, log: Log): ObservableInput<never[]> {
  return defer(async () => {
    const began = performance.now();
    const found = await detector.detect(batch.map(({ frame }) => ({ frame }))).catch((cause: unknown) => {
      log.warn({ error: asError(cause).message, frames: batch.length }, 'frames were lost in the engine');
      return undefined;
    });
    const detectMs = (performance.now() - began) / batch.length;
    const looks = batch.map(({ lane, frame }, i) => {
      const detections: readonly Detection[] | undefined = found?.[i];
      return detections === undefined ? lane.drop(frame, 'engine') : lane.look(frame, detections, detectMs);
    });
    await Promise.all(looks);
    return [];
  });
}
