import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Detector } from '../../core/detection.ts';
import { silentLog } from '../../core/log.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { Ffmpeg } from '../../ffmpeg/find.ts';
import { startPipeline } from '../../pipeline.ts';
import { fileSink } from '../../sinks/file.ts';
import { queued, type SinkQueue } from '../../sinks/queue.ts';
import { greatestGood } from './most.ts';
import { type Count, cameraCount, isKept } from './trial.ts';

export interface CamerasOptions {
  readonly detector: Detector;
  readonly ffmpeg: Ffmpeg;
  /** Frames looked at of each camera, a second. */
  readonly fps: number;
  /** Number of cameras to try first. */
  readonly guess: number;
  /** What is not counted at first, while ffmpegs start. */
  readonly settleMs: number;
  readonly ms: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  readonly onTrial?: (trial: Trial) => void;
}

export interface Trial extends Count {
  readonly cameras: number;
  readonly good: boolean;
}

export interface Capacity {
  /** The most that lost at most 1 % of their frames. */
  readonly cameras: number;
  /** In the order in which they were made. */
  readonly trials: readonly Trial[];
}

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const MOST_CAMERAS = 256;

/**
 * How many cameras this machine takes, by trying: the whole pipeline, the bundled clip as so many cameras, each with
 * an ffmpeg of its own, its events and pictures written to a folder that is gone afterwards.
 */
export async function measureCameras(options: CamerasOptions): Promise<Capacity> {
  const { guess, onTrial } = options;
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const sink = queued(fileSink({ folder, path: 'events.jsonl', images: true }), { log: silentLog });
  const trials: Trial[] = [];
  const isGood = async (cameras: number): Promise<boolean> => {
    const count = await tryCameras(cameras, sink, options);
    const trial = { cameras, good: isKept(count), ...count };
    trials.push(trial);
    onTrial?.(trial);
    return trial.good;
  };
  try {
    return { cameras: await greatestGood(isGood, { guess, limit: MOST_CAMERAS }), trials };
  } finally {
    await sink.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryCameras(cameras: number, sink: SinkQueue, options: CamerasOptions): Promise<Count> {
  const { detector, ffmpeg, fps, settleMs, ms, signal } = options;
  const source = { kind: 'file', path: CLIP, pace: 'real-time', loop: true } as const;
  const names = Array.from({ length: cameras }, (_, i) => `camera-${i + 1}`);
  const count = cameraCount();
  let isSettled = false;
  const pipeline = startPipeline({
    ...{ gateway: 'bench', run: 'bench', secrets: [], log: silentLog },
    ...{ detector, ffmpeg, sinks: [sink], cameras: names.map((camera) => ({ camera, source, fps })) },
    onFrame(report) {
      if (isSettled) count.add(report, performance.now());
    },
  });
  try {
    await wait(settleMs, undefined, { signal });
    isSettled = true;
    await wait(ms, undefined, { signal });
    return count.total(cameras);
  } finally {
    await pipeline.close();
  }
}
