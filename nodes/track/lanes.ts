import { randomBytes } from 'node:crypto';
import { type NodeRules, nodeRules } from '../../src/config/node-settings.ts';
import type { CameraState } from '../../src/core/camera-state.ts';
import { monotonic } from '../../src/core/clock.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Journal } from '../../src/core/journal.ts';
import type { Log } from '../../src/core/log.ts';
import { shapesOf } from '../../src/pipeline/dashboard-plan.ts';
import { openGate } from '../../src/pipeline/gate.ts';
import { endLeftOver, type Outlet } from '../../src/pipeline/hand-over.ts';
import { healthWatch } from '../../src/pipeline/health-watch.ts';
import { cameraLane, type Lane } from '../../src/pipeline/lane.ts';
import { rulesPlan } from '../../src/pipeline/rules-plan.ts';
import { type FrameHandle, type Reading, readingOf } from '../lib/frame-handle.ts';
import type { Memory } from '../lib/gateway-node.ts';
import type { SeenFrame } from '../lib/io.ts';
import type { TrackedFrame } from '../lib/shown-frame.ts';
import { type LaneMeter, laneMeter } from './lane-meter.ts';

export interface LanesOptions {
  /** Name of the gateway, in events. */
  readonly gateway: string;
  /** As the editor saved them. */
  readonly rules: object;
  /** Hears all that there is to say. */
  readonly outlet: Outlet & Required<Pick<Outlet, 'tally'>>;
  /** Hears of each frame that was followed. @default nobody does */
  readonly onTracked?: (tracked: TrackedFrame) => void;
  /** What is known from before; undefined where nothing is kept. */
  readonly memory: Memory | undefined;
  readonly log: Log;
}

/** A lane for each camera whose frames come. */
export interface Lanes {
  /**
   * Follows what was seen in a frame; of a camera that has been stopped since, it does nothing.
   *
   * @throws CONFIG_INVALID for rules with mistakes, FRAME_EXPIRED.
   */
  look(seen: SeenFrame): Promise<void>;
  /** A camera that has stopped ends what is open; one that nobody has seen yet is told of all the same. */
  hear(state: CameraState): void;
  /**
   * Settles once all is said. What is open ends now; where it is kept it ends with the next start instead, since a flow
   * that is stopped delivers nothing more.
   *
   * @param isForGood - there will be no next start.
   */
  close(isForGood: boolean): Promise<void>;
}

interface WatchedLane {
  readonly lane: Lane;
  readonly meter: LaneMeter;
  /** Tells the lane what is wrong with the picture. */
  readonly watch: (frame: Frame) => void;
}

/** *detect* looks at every frame as a whole. */
const whole = openGate();
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** Figures change while states do not. */
const STATE_EVERY_MS = 30_000;
/** Of a camera without a frame. */
const NOTHING = { fps: 0, frames: { came: 0, looked: 0, dropped: {} }, health: {}, refused: {} };

/** First ends what the run before left open. */
export function openLanes(options: LanesOptions): Lanes {
  const { gateway, rules: saved, outlet, onTracked, memory, log } = options;
  const run = randomBytes(4).toString('hex');
  const clock = monotonic();
  const lanes = new Map<string, WatchedLane>();
  /** `stream_seq` of a camera that is read again: it counts on. */
  const nextSeqs = new Map<string, number>();
  /** The newest state of each camera: it mostly comes before the first frame does. */
  const heard = new Map<string, CameraState>();
  let rules: NodeRules | undefined;
  const handles = new WeakMap<Frame, FrameHandle>();
  let leavesRest = false;
  const sink: typeof outlet = {
    ...outlet,
    push(delivery) {
      if (!leavesRest) outlet.push(delivery);
    },
  };
  const journal: Journal | undefined = memory && {
    note(event) {
      if (!leavesRest) memory.journal.note(event);
    },
  };
  if (memory !== undefined) endLeftOver(memory.journal, { sinks: [outlet], clock });

  const open = ({ frame, detector }: SeenFrame, reading: Reading, since: number): WatchedLane => {
    const { camera, isReplayed } = frame;
    rules ??= nodeRules(saved);
    const shapes = shapesOf(rules);
    const meter = laneMeter(reading.meter, { camera, log, clock });
    const lane = cameraLane({
      camera,
      gateway,
      run,
      rules: rulesPlan(rules, TIME_ZONE),
      detector,
      streamSeq: nextSeqs.get(camera) ?? 0,
      sinks: [sink],
      journal,
      // A file that is played again begins with what its end may have shown to be there already.
      keep: isReplayed ? undefined : memory?.keep,
      meter,
      clock,
      log,
      onShown(shown, judged) {
        const frame = handles.get(shown);
        if (frame !== undefined) onTracked?.({ frame, judged, shapes, detector });
      },
    });
    const watch = healthWatch({ camera, log, onHealth: (health) => lane.setHealth(health) });
    lanes.set(camera, { lane, watch, meter });
    lane.setState(heard.get(camera) ?? { camera, state: 'online', reason: 'frames', since });
    return { lane, watch, meter };
  };

  const reporting = setInterval(() => {
    for (const { lane } of lanes.values()) lane.reportState();
  }, STATE_EVERY_MS);

  return {
    async look(seen) {
      const { detections } = seen;
      const reading = readingOf(seen.frame);
      if (reading === undefined) return;
      await seen.frame.use(async (frame) => {
        const { lane, watch, meter } = lanes.get(frame.camera) ?? open(seen, reading, frame.wallTime);
        meter.follow(reading.meter);
        if (frame.data.length > 0) watch(frame);
        lane.accept(frame);
        const own = lent(frame);
        handles.set(own, seen.frame);
        await lane.look(own, { detections, look: whole.look(frame, []), detectMs: 0 });
      });
    },
    hear(state) {
      const { camera, reason } = state;
      const isOver = reason === 'end-of-file' || reason === 'stopped';
      if (isOver) heard.delete(camera);
      else heard.set(camera, state);
      const lane = lanes.get(camera)?.lane;
      if (lane === undefined) return outlet.state({ ...state, ...NOTHING });
      lane.setState(state);
      if (reason === 'end-of-file') lane.sourceEnded();
      if (!isOver) return;
      void lane.close();
      lanes.delete(camera);
      nextSeqs.set(camera, lane.streamSeq);
    },
    async close(isForGood) {
      leavesRest = memory !== undefined && !isForGood;
      clearInterval(reporting);
      await Promise.all([...lanes.values()].map(({ lane }) => lane.close()));
    },
  };
}

/** The lane gives back what it is given; this frame belongs to its handle. */
function lent(frame: Frame): Frame {
  return { ...frame, release: () => {} };
}
