import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LoadedConfig } from '../config/load.ts';
import type { CameraConfig, Config } from '../config/schema.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import type { Sink } from '../core/sink.ts';
import { loadManifest } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { type CameraPlan, startPipeline } from '../pipeline.ts';
import { fileSink } from '../sinks/file.ts';
import { mqttSink } from '../sinks/mqtt.ts';
import { queued } from '../sinks/queue.ts';

export interface GatewayOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  /** @default the system's, made monotonic */
  readonly clock?: Clock;
  readonly onFrame?: (report: FrameReport) => void;
}

export interface Gateway {
  /** Fulfilled when every source has ended; a live camera never does. */
  readonly finished: Promise<void>;
  /** Ends all, within 5 s, and leaves no child. Idempotent, never rejects. */
  close(): Promise<void>;
}

/**
 * Starts what a configuration describes: ffmpeg found, model loaded, sinks open, cameras running. A broker or
 * camera that is away is no reason to fail: both are tried again in the background.
 *
 * @throws FFMPEG_MISSING, MODEL_MISSING, MODEL_INVALID, MODEL_CHECKSUM, ENGINE_NONE
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { loaded, log, clock = monotonic(), onFrame } = options;
  const { config, secrets, folder } = loaded;
  const configured = config.ffmpeg?.path;
  const ffmpeg = await findFfmpeg({ ...(configured !== undefined && { configured }), log });
  const model = await loadManifest(config.model.path);
  const detector = await openDetector({
    model,
    engine: config.model.engine,
    processes: processesOf(config.model.processes),
    log,
  });
  const sinks = openSinks(config, folder, log).map((sink) => queued(sink, { log }));
  const pipeline = startPipeline({
    gateway: config.gateway,
    run: randomBytes(4).toString('hex'),
    cameras: Object.entries(config.cameras).map(([camera, settings]) => planOf(camera, settings, loaded)),
    detector,
    ffmpeg,
    sinks,
    secrets,
    log,
    clock,
    ...(onFrame !== undefined && { onFrame }),
  });
  log.info({ cameras: Object.keys(config.cameras), sinks: sinks.map(({ name }) => name) }, 'gateway started');

  let closing: Promise<void> | undefined;
  return {
    finished: pipeline.finished,
    close() {
      closing ??= (async () => {
        await pipeline.close();
        await Promise.all([detector.close(), ...sinks.map((sink) => sink.close())]);
      })();
      return closing;
    },
  };
}

function planOf(camera: string, settings: CameraConfig, { sources }: LoadedConfig): CameraPlan {
  const source = sources.get(camera);
  if (source === undefined) throw new TypeError(`expected a source for each camera, got none for ${camera}`);
  if (settings.labels === undefined) return { camera, source, fps: settings.fps };
  const labels = Object.fromEntries(
    Object.entries(settings.labels).map(([label, rule]) => [
      label,
      { score: rule.score, minArea: rule.min_area },
    ]),
  );
  return { camera, source, fps: settings.fps, labels };
}

function processesOf(configured: Config['model']['processes']): number {
  return configured === 'auto' ? Math.max(1, Math.floor(availableParallelism() / 2)) : configured;
}

function openSinks(config: Config, folder: string, log: Log): Sink[] {
  const { mqtt, gateway } = config;
  const wanted = config.sinks ?? (mqtt === undefined ? [] : [{ type: 'mqtt' as const }]);
  return wanted.map((sink) => {
    if (sink.type === 'file') return fileSink({ folder, path: sink.path, images: sink.images });
    if (mqtt === undefined) throw new TypeError('expected a broker for the mqtt sink, got none');
    const { url, username, password, base_topic: baseTopic } = mqtt;
    return mqttSink({
      url,
      baseTopic,
      gateway,
      log,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
  });
}
