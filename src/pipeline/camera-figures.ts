import type { StateReport } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';
import type { CameraFigures } from '../core/dashboard.ts';
import type { Frame } from '../core/frame.ts';

/** Figures of cameras that their states do not have. */
export interface FigureKeeper {
  state(report: Pick<StateReport, 'camera' | 'state'>): void;
  /** A frame was judged or found quiet. */
  onShown(frame: Pick<Frame, 'camera' | 'wallTime'>): void;
  /** Of one camera; zeros where nothing was heard of it. */
  of(camera: string): CameraFigures;
}

interface Kept {
  wasOnline: boolean;
  outages: number;
  /** ms of the newest frames, from arrival to verdict. */
  took: readonly number[];
}

const NEWEST = 50;

export function cameraFigures({ clock }: { readonly clock: Clock }): FigureKeeper {
  const cameras = new Map<string, Kept>();
  function at(camera: string): Kept {
    const kept = cameras.get(camera) ?? { wasOnline: false, outages: 0, took: [] };
    cameras.set(camera, kept);
    return kept;
  }
  return {
    state({ camera, state }) {
      if (state === 'disabled') {
        cameras.delete(camera);
        return;
      }
      const kept = at(camera);
      if (kept.wasOnline && state !== 'online') kept.outages++;
      kept.wasOnline = state === 'online';
    },
    onShown({ camera, wallTime }) {
      const kept = at(camera);
      kept.took = [...kept.took.slice(1 - NEWEST), Math.max(0, clock.now() - wallTime)];
    },
    of(camera) {
      const { outages = 0, took = [] } = cameras.get(camera) ?? {};
      return { outages, frameMs: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? null };
    },
  };
}
