import { isOutage, type StateReport } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';
import type { CameraFigures, Stage } from '../core/dashboard.ts';
import type { Frame } from '../core/frame.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import { type RecentTimes, recentTimes } from './recent-times.ts';

/** Figures of cameras that their states do not have. */
export interface FigureKeeper {
  state(report: Pick<StateReport, 'camera' | 'state' | 'reason'>): void;
  /** A frame was judged or found quiet. */
  onShown(frame: Pick<Frame, 'camera' | 'wallTime'>): void;
  /** A frame was judged. */
  onFrame(report: Pick<FrameReport, 'camera' | 'way'>): void;
  onEvent(event: Pick<FalconetEvent, 'camera' | 'type' | 'latency_ms'>): void;
  /** Of one camera; nothing where nothing was heard of it. */
  of(camera: string): CameraFigures;
}

interface Kept {
  /** As its state was told last. */
  told: Parameters<FigureKeeper['state']>[0] | undefined;
  outages: number;
  readonly took: Map<Stage, RecentTimes>;
}

const HOUR_MS = 3_600_000;

export function cameraFigures({ clock }: { readonly clock: Clock }): FigureKeeper {
  const cameras = new Map<string, Kept>();
  function at(camera: string): Kept {
    const kept = cameras.get(camera) ?? { told: undefined, outages: 0, took: new Map() };
    cameras.set(camera, kept);
    return kept;
  }
  function note(camera: string, stage: Stage, ms: number): void {
    const { took } = at(camera);
    const times = took.get(stage) ?? recentTimes(stage === 'event' ? { windowMs: HOUR_MS } : {});
    took.set(stage, times);
    times.note(ms, clock.now());
  }
  return {
    state(report) {
      const kept = at(report.camera);
      if (isOutage(kept.told, report)) kept.outages++;
      if (report.state === 'disabled') kept.took.clear();
      kept.told = report;
    },
    onShown: ({ camera, wallTime }) => note(camera, 'frame', Math.max(0, clock.now() - wallTime)),
    onFrame({ camera, way }) {
      if (way === undefined) return;
      note(camera, 'wait', way.waitMs);
      note(camera, 'engine', way.engineMs);
      note(camera, 'judge', way.judgeMs);
    },
    onEvent({ camera, type, latency_ms: ms }) {
      if (type === 'new') note(camera, 'event', ms); // updates also tell of what is done later, such as a clip
    },
    of(camera) {
      const { outages = 0, took = [] } = cameras.get(camera) ?? {};
      const now = clock.now();
      const known = [...took].flatMap(([stage, times]) => {
        const of = times.at(now);
        return of === undefined ? [] : [[stage, of] as const];
      });
      return { outages, took: Object.fromEntries(known) };
    },
  };
}
