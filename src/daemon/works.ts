import { randomBytes } from 'node:crypto';
import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Detector } from '../core/detection.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import { loadManifest } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import { processCount } from '../detector/process-count.ts';
import { type Ffmpeg, findFfmpeg } from '../ffmpeg/find.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import type { SinkSet } from '../sinks/sink-set.ts';
import { cameraPlans } from './camera-plans.ts';

/** Found and loaded, ready to run cameras. */
export interface Tools {
  readonly ffmpeg: Ffmpeg;
  readonly detector: Detector;
}

/** @throws FFMPEG_MISSING, MODEL_MISSING, MODEL_INVALID, MODEL_CHECKSUM, ENGINE_NONE */
export async function openTools({ ffmpeg: settings, model }: Config, log: Log): Promise<Tools> {
  const configured = settings?.path;
  const ffmpeg = await findFfmpeg({ ...(configured !== undefined && { configured }), log });
  const detector = await openDetector({
    model: await loadManifest(model.path),
    engine: model.engine,
    precision: model.precision,
    processes: processCount(model.processes),
    log,
  });
  return { ffmpeg, detector };
}

export interface WorksOptions {
  readonly sinks: SinkSet;
  readonly secrets: Iterable<string>;
  readonly log: Log;
  readonly clock: Clock;
  readonly onFrame?: (report: FrameReport) => void;
}

/** All of a gateway that a new model, ffmpeg or name makes anew: engines, and the pipeline that feeds them. */
export interface Works {
  readonly pipeline: Pipeline;
  /** Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}

/** A run of its own: its events count from 0. */
export function startWorks(loaded: LoadedConfig, tools: Tools, options: WorksOptions): Works {
  const { sinks, ...rest } = options;
  const pipeline = startPipeline({
    ...rest,
    ...tools,
    gateway: loaded.config.gateway,
    run: randomBytes(4).toString('hex'),
    cameras: cameraPlans(loaded),
    sinks: [sinks],
  });
  return {
    pipeline,
    async close() {
      await pipeline.close();
      await tools.detector.close();
    },
  };
}
