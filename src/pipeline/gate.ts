import type { Frame } from '../core/frame.ts';
import type { Look } from '../core/look.ts';
import type { Polygon } from '../core/polygon.ts';
import type { Track } from '../core/track.ts';
import { initialLooks, lookStep, noteMotion } from '../gate/look.ts';
import { type MotionState, motionStep } from '../gate/motion.ts';

/** How a camera's motion decides what is looked at. */
export interface MotionPlan {
  /** Grey levels of 255 that a place must change by. */
  readonly threshold: number;
  /** Share of the picture that must change in one place. */
  readonly minArea: number;
  /** Most squares of one frame besides the whole picture. */
  readonly maxSquares: number;
  /** Where motion does not count. */
  readonly masks: readonly Polygon[];
}

/** Decides what of a camera's frames is looked at. */
export interface Gate {
  /**
   * Takes a frame as it arrives, whether or not it will ever be looked at.
   *
   * @returns whether something moves in it, or did within the last 5 s.
   */
  arrived(frame: Frame): boolean;
  /** What of a frame is to be looked at, now that the detector is ready for it. */
  look(frame: Frame, tracks: readonly Track[]): Look;
}

/** Who stands still for a moment while walking by is one motion, not two. */
const HOLD_MS = 5_000;

/** @param inputSize - side of the model's input, in pixels. */
export function motionGate(plan: MotionPlan, inputSize: number): Gate {
  const { maxSquares } = plan;
  let motion: MotionState | undefined;
  let looks = initialLooks();
  let movedAt = Number.NEGATIVE_INFINITY;
  return {
    arrived(frame) {
      const [next, moving] = motionStep(motion, frame, frame.wallTime, plan);
      motion = next;
      looks = noteMotion(looks, moving, frame.wallTime);
      if (moving.kind === 'moving') movedAt = frame.wallTime;
      if (moving.kind === 'new') movedAt = Number.NEGATIVE_INFINITY; // of a session that is over
      return frame.wallTime - movedAt < HOLD_MS;
    },
    look(frame, tracks) {
      const [next, look] = lookStep(
        looks,
        { picture: frame, tracks, at: frame.wallTime },
        { inputSize, maxSquares },
      );
      looks = next;
      return look;
    },
  };
}

/** Lets each frame through as a whole, and looks for no motion. */
export function openGate(): Gate {
  return {
    arrived: () => false,
    look: ({ width, height }) => ({ why: 'always', squares: [{ x: 0, y: 0, width, height }] }),
  };
}

/** Lets no frame through: detection is switched off. Motion is watched as before. */
export function closedGate(gate: Gate): Gate {
  return { arrived: (frame) => gate.arrived(frame), look: () => ({ why: 'off', squares: [] }) };
}
