import type { CameraState } from '../../src/core/camera-state.ts';
import { setClock } from '../../src/core/clock.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Keep } from '../../src/core/keep.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { Look } from '../../src/core/look.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Tally } from '../../src/core/tally.ts';
import { cameraLane, type Lane, type LaneOptions } from '../../src/pipeline/lane.ts';
import type { CameraPlan } from '../../src/pipeline.ts';
import { frameMeter } from '../../src/streams/meter.ts';

const WHOLE: Look = { why: 'always', squares: [{ x: 0, y: 0, width: 640, height: 360 }] };

export interface SyntheticCameraOptions {
  /** What is asked for. @default every label */
  readonly plan?: Omit<CameraPlan, 'source' | 'fps'>;
  /** ms since the epoch. */
  readonly startMs: number;
  readonly onEvent: (event: FalconetEvent) => void;
  readonly onTally?: (tally: Tally | undefined) => void;
  readonly onVerdicts?: LaneOptions['onVerdicts'];
}

/** One camera whose detections are made up and whose time is what it is told: its lane, over losses and restarts. */
export interface SyntheticCamera {
  readonly now: number;
  /** Frames that were not given back. */
  readonly held: number;
  /** Of the camera's lane of now. */
  readonly lane: Lane;
  /** A frame that shows this; settles when it is judged. */
  look(at: number, detections: readonly Detection[]): Promise<void>;
  /** A frame that nobody looks at. */
  drop(): void;
  lose(): void;
  find(): void;
  /** As a reload does it. */
  restart(): Promise<void>;
  /** As a power cut and the next start do it: nothing is ended. */
  crash(): void;
  /** Ends what is open; settles when all events are out. */
  close(): Promise<void>;
}

export function syntheticCamera(options: SyntheticCameraOptions): SyntheticCamera {
  const { plan = { camera: 'drive' }, startMs, onEvent, onTally, onVerdicts } = options;
  const clock = setClock(startMs);
  const log: Log = {
    ...silentLog,
    error: (facts, sentence) => {
      throw new Error(`${sentence}: ${JSON.stringify(facts)}`);
    },
  };
  const keep = keepInMemory();
  let held = 0;
  let seq = 0;
  let lane = open(0);

  function open(streamSeq: number): Lane {
    return cameraLane({
      ...plan,
      gateway: 'home',
      run: 'k3f9',
      detector: {
        model: { name: 'tiny-ssd', sha256: 'ab'.repeat(32) },
        engine: { name: 'none', version: '0' },
      },
      sinks: [{ push: ({ event }) => onEvent(event), state() {}, tally: (_, tally) => onTally?.(tally) }],
      ...(onVerdicts !== undefined && { onVerdicts }),
      keep,
      streamSeq,
      meter: frameMeter({ camera: plan.camera, log, clock }),
      clock,
      log,
    });
  }
  function frame(): Frame {
    held++;
    let isHeld = true;
    return {
      camera: plan.camera,
      seq: seq++,
      pts: clock.now() - startMs,
      wallTime: clock.now(),
      width: 640,
      height: 360,
      format: 'rgb24',
      data: new Uint8Array(0),
      release() {
        if (isHeld) held--;
        isHeld = false;
      },
    };
  }
  function tell(state: CameraState['state'], reason: CameraState['reason']): void {
    lane.setState({ camera: plan.camera, state, reason, since: clock.now() });
  }

  return {
    get now() {
      return clock.now();
    },
    get held() {
      return held;
    },
    get lane() {
      return lane;
    },
    look(at, detections) {
      clock.set(at);
      const shown = frame();
      lane.accept(shown);
      return lane.look(shown, { detections, look: WHOLE, detectMs: 1 });
    },
    drop() {
      const lost = frame();
      lane.accept(lost);
      lane.drop(lost, 'late');
    },
    lose: () => tell('offline', 'timed-out'),
    find: () => tell('online', 'frames'),
    async restart() {
      await lane.close();
      lane = open(lane.streamSeq);
    },
    crash() {
      lane = open(0);
    },
    close: () => lane.close(),
  };
}

/** As JSON, as the store has it. */
function keepInMemory(): Keep {
  const documents = new Map<string, string>();
  return {
    read(camera, name) {
      const text = documents.get(`${camera}/${name}`);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: (camera, name, value) => void documents.set(`${camera}/${name}`, JSON.stringify(value)),
  };
}
