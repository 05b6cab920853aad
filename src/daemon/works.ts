import { randomBytes } from 'node:crypto';
import type { LoadedConfig } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import type { Detector } from '../core/detection.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Journal } from '../core/journal.ts';
import type { Keep } from '../core/keep.ts';
import type { Log } from '../core/log.ts';
import { loadManifest } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import { processCount } from '../detector/process-count.ts';
import { type Ffmpeg, findFfmpeg } from '../ffmpeg/find.ts';
import type { Outlet } from '../pipeline/hand-over.ts';
import { type CameraPlan, type Pipeline, type PipelineOptions, startPipeline } from '../pipeline.ts';
import { checkLabels } from './check-labels.ts';

/** Found and loaded, ready to run cameras. */
export interface Tools {
  readonly ffmpeg: Ffmpeg;
  readonly detector: Detector;
}

/** @throws CONFIG_INVALID, FFMPEG_MISSING, MODEL_MISSING, MODEL_INVALID, MODEL_CHECKSUM, ENGINE_NONE */
export async function openTools(loaded: LoadedConfig, log: Log): Promise<Tools> {
  const { model: wanted } = loaded.config;
  const model = await loadManifest(wanted.path, loaded.folder);
  checkLabels(loaded, model.labels);
  const ffmpeg = await ffmpegOf(loaded, log);
  const detector = await openDetector({
    model,
    engine: wanted.engine,
    precision: wanted.precision,
    processes: processCount(wanted.processes),
    log,
  });
  return { ffmpeg, detector };
}

/** The ffmpeg of a configuration. @throws FFMPEG_MISSING */
export function ffmpegOf({ config, folder }: LoadedConfig, log: Log): Promise<Ffmpeg> {
  return findFfmpeg({ configured: config.ffmpeg?.path, folder, key: 'ffmpeg.path', log });
}

export interface WorksOptions {
  readonly cameras: readonly CameraPlan[];
  readonly sinks: readonly Outlet[];
  readonly journal?: Journal | undefined;
  readonly keep?: Keep | undefined;
  /** @default nothing is recorded */
  readonly dataFolder?: string | undefined;
  readonly secrets: Iterable<string>;
  readonly log: Log;
  readonly clock: Clock;
  readonly onFrame?: (report: FrameReport) => void;
  readonly onShown?: PipelineOptions['onShown'];
}

const DAY_MS = 86_400_000;

/** All of a gateway that a new model, ffmpeg or name makes anew: engines, and the pipeline that feeds them. */
export interface Works {
  readonly pipeline: Pipeline;
  readonly detector: Pick<Detector, 'model' | 'labels' | 'engine' | 'processes' | 'restarts'>;
  readonly ffmpeg: Ffmpeg;
  /** Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}

/** A run of its own: its events count from 0. */
export function startWorks(loaded: LoadedConfig, tools: Tools, options: WorksOptions): Works {
  const { dataFolder, ...rest } = options;
  const { clips_days: days, clips_gb: gigabytes } = loaded.config.data;
  const limits = { maxAgeMs: days * DAY_MS, maxBytes: gigabytes * 1e9 };
  const pipeline = startPipeline({
    ...rest,
    ...tools,
    gateway: loaded.config.gateway,
    run: randomBytes(4).toString('hex'),
    ...(dataFolder !== undefined && { recordings: { folder: dataFolder, limits } }),
  });
  return {
    pipeline,
    ...tools,
    async close() {
      await Promise.all([pipeline.close(), tools.detector.close()]);
    },
  };
}
