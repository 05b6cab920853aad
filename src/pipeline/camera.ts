import { isDeepStrictEqual } from 'node:util';
import { catchError, EMPTY, map, type Observable, Subject, takeUntil, tap } from 'rxjs';
import type { CameraSource } from '../core/camera-source.ts';
import type { Clock } from '../core/clock.ts';
import type { Detector } from '../core/detection.ts';
import { asError } from '../core/error.ts';
import type { Frame } from '../core/frame.ts';
import type { Log } from '../core/log.ts';
import type { Polygon } from '../core/polygon.ts';
import { createChildren } from '../ffmpeg/children.ts';
import type { Ffmpeg } from '../ffmpeg/find.ts';
import { privacyMask } from '../media/mask.ts';
import { decodePicture } from '../media/picture.ts';
import type { RulesOptions } from '../rules/options.ts';
import { type CameraFramesOptions, cameraFrames } from '../streams/camera-frames.ts';
import { frameMeter } from '../streams/meter.ts';
import type { Patience } from '../streams/supervise.ts';
import { closedGate, type Gate, type MotionPlan, motionGate, openGate } from './gate.ts';
import { healthWatch } from './health-watch.ts';
import { cameraLane, type Lane, type LaneOptions } from './lane.ts';
import { nextFrame, type Snapshot } from './next-frame.ts';
import { type RecorderOptions, type RecordingPlan, startRecorder } from './recorder.ts';

/** Frames of one camera, cold; each is the subscriber's to release. */
export type FrameSource = (options: CameraFramesOptions) => Observable<Frame>;

/** What is to be done with one camera. */
export interface CameraPlan {
  readonly camera: string;
  readonly source: CameraSource;
  /** Frames looked at, a second. */
  readonly fps: number;
  readonly patience?: Partial<Patience>;
  /** @default every label makes events */
  readonly rules?: RulesOptions;
  /** @default every frame is looked at as a whole */
  readonly motion?: MotionPlan;
  /** Black before anything sees it. @default nothing */
  readonly privacy?: readonly Polygon[];
  /** @default it is not recorded */
  readonly recording?: RecordingPlan;
  /** Whether it runs at all. @default true */
  readonly enabled?: boolean;
  /** Whether its frames are looked at. @default true */
  readonly detect?: boolean;
}

/** Where what is recorded goes. */
export interface Recordings extends Pick<RecorderOptions, 'folder' | 'onWritten'> {}

export interface RunningCameraOptions extends Omit<LaneOptions, 'camera' | 'rules' | 'meter' | 'recorder'> {
  readonly plan: CameraPlan;
  readonly detector: Pick<Detector, 'model' | 'engine' | 'inputSize'>;
  readonly ffmpeg: Ffmpeg;
  /** @default cameras are not recorded, whatever their plans say */
  readonly recordings?: Recordings | undefined;
  /** Values that no message may hold. */
  readonly secrets: Iterable<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** @default cameraFrames */
  readonly frames?: FrameSource;
  /** What of its frames is looked at. @default what its plan says of motion */
  readonly gate?: Gate;
  /** The source ended by itself, well or by an error; not called after `stop`. */
  readonly onEnd: (error?: Error) => void;
}

/** A frame, the lane that it must come back to, and what decides how it is looked at. */
export interface Item {
  readonly lane: Lane;
  readonly gate: Gate;
  readonly frame: Frame;
}

/** One camera from its start to its stop. */
export interface RunningCamera {
  /** As it runs now. */
  readonly plan: CameraPlan;
  readonly lane: Lane;
  /** Cold; completes when the source ends or is stopped, never fails. */
  readonly items: Observable<Item>;
  /**
   * Goes on under another plan, where that asks for nothing but other scores of its labels.
   *
   * @returns whether it does; if not, it has to be started anew.
   */
  adopt(plan: CameraPlan): boolean;
  /** Its next frame, masked; see `nextFrame`. */
  snapshot(): Promise<Snapshot>;
  /** Ends source and lives, and tells the state; settles once its ffmpeg is gone. Idempotent, never rejects. */
  stop(as: 'offline' | 'disabled'): Promise<void>;
}

/** A camera's frames with its lane beside them, and its own ffmpegs, so that it can be stopped alone. */
export function runningCamera(options: RunningCameraOptions): RunningCamera {
  const { plan, ffmpeg, secrets, log, clock, frames = cameraFrames, onEnd } = options;
  const { camera } = plan;
  const children = createChildren();
  const meter = frameMeter({ camera, log, clock });
  const { privacy = [], recording } = plan;
  const mask = privacy.length === 0 ? undefined : privacyMask(privacy);
  const recorder =
    recording && options.recordings
      ? startRecorder({
          ...options,
          ...options.recordings,
          camera,
          plan: recording,
          mask,
          onClip: (track) => lane.clipIsDone(track),
        })
      : undefined;
  // A file that is played again begins with what its end may have shown to be there already.
  const keep = plan.source.kind === 'file' ? undefined : options.keep;
  const lane = cameraLane({ ...options, ...plan, keep, meter, recorder });
  const watch = healthWatch({ camera, log, onHealth: (health) => lane.setHealth(health) });
  const gate = options.gate ?? gateOf(plan, options.detector);
  const next = nextFrame(camera);
  const stopped = new Subject<void>();
  let stopping: Promise<void> | undefined;

  const ended = (error?: Error): void => {
    lane.sourceEnded();
    onEnd(error);
  };
  const items = frames({
    ...plan,
    ffmpeg,
    children,
    decode: decodePicture,
    secrets,
    log,
    clock,
    onState: (state) => lane.setState(state),
    onCame: () => meter.came(),
    onDrop: (reason, count) => meter.drop(reason, count),
  }).pipe(
    map((frame) => {
      mask?.paint(frame);
      if (frame.data.length > 0) watch(frame);
      next.show(frame);
      lane.accept(frame);
      lane.setMotion(gate.arrived(frame));
      return { lane, gate, frame };
    }),
    tap({ complete: ended, error: (error: unknown) => ended(asError(error)) }),
    catchError(() => EMPTY), // its log line and state are out; the other cameras go on
    takeUntil(stopped),
  );

  let current = plan;
  return {
    get plan() {
      return current;
    },
    lane,
    items,
    adopt(wanted) {
      if (isDeepStrictEqual(wanted, current)) return true;
      if (!isDeepStrictEqual(withoutScores(wanted), withoutScores(current))) return false;
      current = wanted;
      lane.setScores(wanted.rules?.labels);
      return true;
    },
    snapshot: () => next.snapshot(),
    stop(as) {
      stopping ??= (async () => {
        next.close();
        stopped.next(); // the source tells that it is offline
        if (as === 'disabled') {
          lane.setState({ camera, state: 'disabled', reason: 'stopped', since: clock.now() });
        }
        await Promise.all([lane.close(), recorder?.close(), children.closeAll()]);
      })();
      return stopping;
    },
  };
}

function gateOf({ motion, detect = true }: CameraPlan, { inputSize }: Pick<Detector, 'inputSize'>): Gate {
  const gate = motion === undefined ? openGate() : motionGate(motion, inputSize);
  return detect ? gate : closedGate(gate);
}

function withoutScores(plan: CameraPlan): CameraPlan {
  const labels = Object.entries(plan.rules?.labels ?? {}).map(([label, rule]) => [
    label,
    { ...rule, score: 0 },
  ]);
  return labels.length === 0
    ? plan
    : { ...plan, rules: { ...plan.rules, labels: Object.fromEntries(labels) } };
}
