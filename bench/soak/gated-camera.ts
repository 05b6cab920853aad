import { parseConfig } from '../../src/config/load.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { cameraPlans } from '../../src/daemon/camera-plans.ts';
import { motionGate } from '../../src/pipeline/gate.ts';
import { type SyntheticCamera, syntheticCamera } from '../../test/helpers/synthetic-camera.ts';
import { frameOf, pictures } from '../lib/pictures.ts';

const CONFIG = `
cameras:
  yard:
    source: yard.mp4
    cooldown: 20s
    labels:
      person: { score: 0.4 }
      dog: { score: 0.4, zones: [lawn] }
      bicycle: { score: 0.4, max_speed: 1 }
      car: { score: 0.4, cooldown: 0s }
    zones:
      bays: { polygon: [[0, 0.25], [1, 0.25], [1, 0.5], [0, 0.5]], labels: [car], dwell: 5m }
      lawn: { polygon: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]], crowd: { count: 2 } }
    lines:
      kerb: { from: [0.5, 0.2], to: [0.5, 1] }
    masks:
      object: [[[0.9, 0], [1, 0], [1, 0.15], [0.9, 0.15]]]
`;
const INPUT_SIZE = 300;
const quiet = pictures(4, { isWalked: false });
const walked = pictures(16, { isWalked: true });

/** A camera whose pictures go through its gate before its detections, which are made up, go through its lane. */
export interface GatedCamera
  extends Pick<SyntheticCamera, 'held' | 'lane' | 'look' | 'restart' | 'lose' | 'close'> {
  /** How often something began to move. */
  readonly motions: number;
  /** It is back: a session begins. */
  find(at: number): void;
}

/** @param startMs - ms since the epoch. */
export function gatedCamera(startMs: number, onEvent: (event: FalconetEvent) => void): GatedCamera {
  const [plan] = cameraPlans(parseConfig(CONFIG, { name: 'soak', folder: packageRoot, environment: {} }));
  if (plan?.motion === undefined) throw new TypeError('expected a camera with a gate');
  const gate = motionGate(plan.motion, INPUT_SIZE);
  let sessionMs = startMs;
  let frames = 0;
  let motions = 0;
  let isMoving = false;
  const camera = syntheticCamera({
    plan,
    startMs,
    onEvent,
    onTally(tally) {
      if (tally?.motion === true && !isMoving) motions++;
      isMoving = tally?.motion === true;
    },
  });

  /** Somebody walks while a track does: the detections do not come from the pictures. */
  function passGate(at: number): void {
    const { lane } = camera;
    const some = lane.tracks.some(({ stationary }) => !stationary) ? walked : quiet;
    const data = some[frames++ % some.length] as Uint8Array;
    const frame = frameOf(data, { pts: at - sessionMs, at });
    lane.setMotion(gate.arrived(frame));
    gate.look(frame, lane.tracks);
  }

  return {
    get held() {
      return camera.held;
    },
    get lane() {
      return camera.lane;
    },
    get motions() {
      return motions;
    },
    look(at, detections) {
      passGate(at);
      return camera.look(at, detections);
    },
    find(at) {
      sessionMs = at;
      camera.find();
    },
    lose: () => camera.lose(),
    restart: () => camera.restart(),
    close: () => camera.close(),
  };
}
