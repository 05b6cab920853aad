import type { StateReport } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Outlet } from './hand-over.ts';

/** Cameras that are switched off: nothing of them runs, and the sinks are told so. */
export interface OffCameras {
  readonly size: number;
  /** Makes these the cameras that are off, and tells of them. */
  use(cameras: readonly string[]): void;
  /** Tells of all again. */
  report(): void;
}

export function offCameras({
  sinks,
  clock,
}: {
  readonly sinks: readonly Outlet[];
  readonly clock: Clock;
}): OffCameras {
  /** By camera. */
  let since: ReadonlyMap<string, number> = new Map();
  const report = (): void => {
    for (const [camera, from] of since) for (const sink of sinks) sink.state(stateOf(camera, from));
  };
  return {
    get size() {
      return since.size;
    },
    use(cameras) {
      since = new Map(cameras.map((camera) => [camera, since.get(camera) ?? clock.now()]));
      report();
    },
    report,
  };
}

function stateOf(camera: string, since: number): StateReport {
  const frames = { came: 0, looked: 0, dropped: {} };
  const rest = { since, fps: 0, frames, health: {}, refused: {} };
  return { camera, state: 'disabled', reason: 'switched-off', ...rest };
}
