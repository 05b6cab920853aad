import type { ObservableInput } from 'rxjs';
import { defer, mergeAll, type Observable, Subject } from 'rxjs';
import type { StateReport } from './core/camera-state.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Detection, Detector } from './core/detection.ts';
import { asError, FalconetError } from './core/error.ts';
import type { FrameReport } from './core/frame-report.ts';
import type { Journal } from './core/journal.ts';
import type { Keep } from './core/keep.ts';
import type { Log } from './core/log.ts';
import type { Verdict } from './core/verdict.ts';
import type { Ffmpeg } from './ffmpeg/find.ts';
import type { RetentionLimits } from './media/retention.ts';
import {
  type CameraPlan,
  type FrameSource,
  type Item,
  type RunningCamera,
  runningCamera,
} from './pipeline/camera.ts';
import { clipRetention } from './pipeline/clip-retention.ts';
import type { Gate } from './pipeline/gate.ts';
import type { Outlet } from './pipeline/hand-over.ts';
import type { LaneOptions } from './pipeline/lane.ts';
import type { Snapshot } from './pipeline/next-frame.ts';
import { offCameras } from './pipeline/off-cameras.ts';
import { microBatch } from './streams/micro-batch.ts';

export type { CameraPlan } from './pipeline/camera.ts';
export type { Snapshot } from './pipeline/next-frame.ts';

export interface PipelineOptions {
  readonly gateway: string;
  /** Changes with every start. */
  readonly run: string;
  readonly cameras: readonly CameraPlan[];
  readonly detector: Detector;
  readonly ffmpeg: Ffmpeg;
  readonly sinks: readonly Outlet[];
  /** Has each event before the sinks do. @default none: a crash leaves lives without their end */
  readonly journal?: Journal | undefined;
  /** Where cameras are recorded to, and how much of it stays. @default nothing is recorded */
  readonly recordings?: { readonly folder: string; readonly limits: RetentionLimits } | undefined;
  /** What cameras have learned, over restarts. @default it is forgotten */
  readonly keep?: Keep | undefined;
  /** Values that no message may hold; may grow before cameras are set. */
  readonly secrets: Iterable<string>;
  readonly log: Log;
  /** @default the system's */
  readonly clock?: Clock;
  /** Where each camera's frames come from. @default cameraFrames, its own ffmpeg */
  readonly frames?: FrameSource;
  /** What of a camera's frames is looked at. @default what its plan says of motion */
  readonly gate?: Gate;
  /** Most frames in one call of the detector. @default 4 */
  readonly batchSize?: number;
  readonly onFrame?: (report: FrameReport) => void;
  /** See `LaneOptions`: for viewers. */
  readonly onShown?: LaneOptions['onShown'];
  /** What each rule made of each track that a frame shows: why there is an event, or none. */
  readonly onVerdicts?: (verdicts: readonly Verdict[]) => void;
}

/** How a pipeline came to its end. */
export interface PipelineEnd {
  /** Cameras that ended by an error, their own or one that ended them all; it was logged. */
  readonly failed: readonly string[];
}

export interface Pipeline {
  /**
   * Fulfilled when every source has ended, each with its events sent to the sinks, or when the engine is gone for
   * good; rejected never.
   */
  readonly finished: Promise<PipelineEnd>;
  /**
   * Makes these the cameras that run. One whose plan is the same goes on untouched, with its process and its tracks, and
   * so does one of which only the scores of labels are others; a changed one ends its events and starts again; one that is gone or switched off ends its events and is told as
   * disabled. While one is switched off the pipeline does not come to its end.
   *
   * Settles once they are started and the ffmpegs of the others gone. Never rejects; one call at a time.
   */
  setCameras(plans: readonly CameraPlan[]): Promise<void>;
  /** Stops a camera and starts it again. Never rejects; one call at a time, as `setCameras`. */
  restart(camera: string): Promise<void>;
  /** @throws REQUEST_REFUSED for a camera that does not run or gives no picture within 10 s. */
  snapshot(camera: string): Promise<Snapshot>;
  /**
   * A camera may yet come: until it is let go, the end of every source is not the end.
   *
   * @returns lets go.
   */
  hold(): () => void;
  /** Each camera's state with the figures of now. */
  readonly reports: readonly StateReport[];
  /** Tells the sinks each camera's state again, with the figures of now. */
  reportStates(): void;
  /** Ends sources and lives, leaves no child. Idempotent, never rejects; the sinks stay open. */
  close(): Promise<void>;
}

const STATE_EVERY_MS = 30_000;

/**
 * Joins the rooms: each camera's frames, newest first, go in batches to the detector, and come back in order
 * to the camera's lane, where tracks become events and events go to the sinks.
 */
export function startPipeline(options: PipelineOptions): Pipeline {
  const { cameras: plans, detector, log, clock = systemClock, batchSize = 4 } = options;
  const { promise: finished, resolve: finish } = Promise.withResolvers<PipelineEnd>();
  const running = new Map<string, RunningCamera>();
  /** Those whose source has ended by itself, and by what error. */
  const over = new Map<RunningCamera, Error | undefined>();
  /** `stream_seq` that a camera's next lane starts with: it counts over restarts too. */
  const nextSeqs = new Map<string, number>();
  const sources = new Subject<Observable<Item>>();
  const off = offCameras({ ...options, clock });
  let holds = 0;
  let closing: Promise<void> | undefined;

  const onLost = (facts: Readonly<Record<string, unknown>>): void => {
    if (closing === undefined) log.warn(facts, 'frames were lost in the engine');
  };
  const looks = sources.pipe(
    mergeAll(),
    microBatch<Item, never>(
      {
        size: batchSize,
        runs: detector.processes + 1, // one batch travels while the others are computed
        keyOf: ({ lane }) => lane.camera,
        onDrop: ({ lane, frame }) => lane.drop(frame, 'late'),
      },
      (batch) => lookAt(batch, { detector, clock, onLost }),
    ),
  );
  const failed = (): string[] =>
    [...over].flatMap(([{ plan }, error]) => (error === undefined ? [] : plan.camera));
  const looking = looks.subscribe({
    error: (thrown: unknown) => {
      log.error({ error: asError(thrown).message }, 'nothing is looked at any more');
      finish({ failed: [...running.keys()] });
    },
    complete: () => finish({ failed: failed() }),
  });
  const reportStates = (): void => {
    for (const { lane } of running.values()) lane.reportState();
    off.report();
  };
  const reporting = setInterval(reportStates, STATE_EVERY_MS);
  looking.add(() => clearInterval(reporting));

  const retention = options.recordings && clipRetention({ ...options.recordings, clock, log });
  looking.add(() => retention?.close());
  const recordings = options.recordings && {
    folder: options.recordings.folder,
    onWritten: () => retention?.check(),
  };

  const endIfOver = (): void => {
    if (holds > 0 || off.size > 0) return;
    if ([...running.values()].every((camera) => over.has(camera))) sources.complete();
  };

  const hold = (): (() => void) => {
    holds++;
    return () => {
      holds--;
      endIfOver();
    };
  };

  const start = (plan: CameraPlan): void => {
    const camera = runningCamera({
      ...options,
      recordings,
      clock,
      plan,
      streamSeq: nextSeqs.get(plan.camera) ?? 0,
      onEnd(error) {
        over.set(camera, error);
        endIfOver();
      },
    });
    running.set(plan.camera, camera);
    sources.next(camera.items);
  };

  const stop = async (camera: RunningCamera, as: 'offline' | 'disabled'): Promise<void> => {
    await camera.stop(as);
    nextSeqs.set(camera.plan.camera, camera.lane.streamSeq);
    running.delete(camera.plan.camera);
    over.delete(camera);
  };

  const setCameras = async (wanted: readonly CameraPlan[]): Promise<void> => {
    const letGo = hold();
    const on = wanted.filter(({ enabled = true }) => enabled);
    const planOf = new Map(on.map((plan) => [plan.camera, plan]));
    const stops = [...running.values()].flatMap((camera) => {
      const plan = planOf.get(camera.plan.camera);
      if (plan === undefined) return [stop(camera, 'disabled')];
      return camera.adopt(plan) ? [] : [stop(camera, 'offline')];
    });
    await Promise.all(stops);
    off.use(wanted.filter(({ camera }) => !planOf.has(camera)).map(({ camera }) => camera));
    if (closing === undefined) {
      for (const plan of on) if (!running.has(plan.camera)) start(plan);
    }
    letGo();
  };

  const askedFor = (name: string): RunningCamera => {
    const camera = running.get(name);
    if (camera !== undefined) return camera;
    throw new FalconetError('REQUEST_REFUSED', `${name}: expected a camera that runs`);
  };

  const restart = async (name: string): Promise<void> => {
    const camera = askedFor(name);
    const letGo = hold();
    await stop(camera, 'offline');
    if (closing === undefined) start(camera.plan);
    letGo();
  };

  void setCameras(plans);
  return {
    finished,
    setCameras,
    restart,
    snapshot: async (name) => askedFor(name).snapshot(),
    hold,
    get reports() {
      return [...running.values()].flatMap(({ lane }) => lane.report ?? []);
    },
    reportStates,
    close() {
      closing ??= (async () => {
        await Promise.all([...running.values()].map((camera) => camera.stop('offline')));
        looking.unsubscribe();
        finish({ failed: [] }); // it was asked to
      })();
      return closing;
    },
  };
}

interface LookOptions extends Pick<PipelineOptions, 'detector'> {
  readonly clock: Clock;
  readonly onLost: (facts: { readonly error: string; readonly frames: number }) => void;
}

/**
 * What of a batch is not quiet through the detector and each frame through its lane; a lost batch is counted, and fatal
 * only if last.
 */
function lookAt(batch: readonly Item[], { detector, clock, onLost }: LookOptions): ObservableInput<never[]> {
  return defer(async () => {
    const jobs = batch.flatMap(({ lane, gate, frame }) => {
      const look = gate.look(frame, lane.tracks);
      const isLooked = look.why !== 'quiet' && look.why !== 'off';
      if (isLooked) return [{ lane, frame, look, squares: look.squares }];
      lane.drop(frame, look.why === 'off' ? 'off' : 'gated');
      return [];
    });
    if (jobs.length === 0) return [];
    const began = performance.now();
    const begunAt = clock.now();
    let found: Detection[][];
    try {
      found = await detector.detect(jobs);
    } catch (cause) {
      for (const { lane, frame } of jobs) lane.drop(frame, 'engine');
      if (cause instanceof FalconetError && cause.code === 'ENGINE_GONE') throw cause;
      onLost({ error: asError(cause).message, frames: jobs.length });
      return [];
    }
    const engineMs = performance.now() - began;
    const detectMs = engineMs / jobs.length;
    await Promise.all(
      jobs.map(({ lane, frame, look }, i) => {
        const way = { waitMs: Math.max(0, begunAt - frame.wallTime), engineMs };
        return lane.look(frame, { detections: found[i] ?? [], look, detectMs, way });
      }),
    );
    return [];
  });
}
