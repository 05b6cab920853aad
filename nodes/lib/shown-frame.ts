import type { CameraView, ShownTrack } from '../../src/core/dashboard.ts';
import type { Detection } from '../../src/core/detection.ts';
import type { Judged } from '../../src/core/judged.ts';
import type { SeenTrack } from '../../src/core/live.ts';
import { FrameHandle } from './frame-handle.ts';
import { type DetectorFacts, isDetections, isDetector } from './io.ts';
import type { Message } from './node-red.ts';

/** What is drawn over a camera's picture. */
export type Shapes = Pick<CameraView, 'zones' | 'lines'>;

/** A frame with what is known of it. */
export interface ShownFrame {
  readonly frame: FrameHandle;
  readonly seen: readonly SeenTrack[];
  /** Undefined where *track* has not looked at it: its boxes are those of *detect*, each one an object of its own. */
  readonly shapes: Shapes | undefined;
  readonly detector: DetectorFacts | undefined;
}

export interface TrackedFrame extends Pick<ShownFrame, 'frame' | 'detector'> {
  readonly judged: readonly Judged[];
  readonly shapes: Shapes;
}

/**
 * What *track* says of a frame: its tracks as plain JSON, which also pass for detections. All of it is a copy: Node-RED
 * clones for no first wire, and a function may change what it gets.
 */
export function trackedMessage({ frame, judged, shapes, detector }: TrackedFrame): Message {
  const confirmed = judged.filter(({ track }) => track.confirmed && !track.ended);
  const payload = confirmed.map(({ track, admitted }): ShownTrack => {
    const { id, label, box, path, stationary, score } = track;
    return { id, label, box, path, stationary, score: score.current, isEvent: admitted };
  });
  return { topic: frame.camera, frame, detector, ...structuredClone({ payload, shapes }) };
}

/** A frame of *track*, or of *detect*, or of *camera in* before anybody looked at it; undefined of any other message. */
export function shownFrameIn({ frame, payload, shapes, detector }: Message): ShownFrame | undefined {
  if (!(frame instanceof FrameHandle)) return undefined;
  const found = isDetections(payload) ? payload : [];
  return {
    frame,
    seen: found.map(seenAs),
    shapes: shapes as Shapes | undefined,
    detector: isDetector(detector) ? detector : undefined,
  };
}

function seenAs(found: Detection & Partial<ShownTrack>, at: number): SeenTrack {
  const { label, box, score, id = at + 1, path = [], stationary = false, isEvent = true } = found;
  const track = {
    id,
    label,
    box,
    path,
    stationary,
    score: { current: score },
    confirmed: true,
    ended: false,
  };
  return { track, admitted: isEvent };
}
