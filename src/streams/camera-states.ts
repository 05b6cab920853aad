import type { CameraReason, CameraState, CameraStatus } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';

export interface CameraStatesOptions {
  readonly camera: string;
  readonly clock: Clock;
  readonly onState: (state: CameraState) => void;
}

/** Tells of a camera's state; returns whether that was news. */
export type TellState = (state: CameraStatus, reason: CameraReason) => boolean;

/** Tells of a camera's state when it changes, with the time of the change. */
export function cameraStates({ camera, clock, onState }: CameraStatesOptions): TellState {
  let told: CameraState | undefined;
  return (state, reason) => {
    if (told?.state === state && told.reason === reason) return false;
    told = { camera, state, reason, since: clock.now() };
    onState(told);
    return true;
  };
}
