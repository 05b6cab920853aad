import { type ConfigPart, changedParts } from '../config/changes.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import { asError, errorFacts } from '../core/error.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import { endLeftOver } from '../pipeline/hand-over.ts';
import type { PipelineEnd } from '../pipeline.ts';
import { sinkSet } from '../sinks/sink-set.ts';
import { cameraPlans } from './camera-plans.ts';
import { checkLabels } from './check-labels.ts';
import { type Data, dataFolder, openData } from './data.ts';
import { sinkPlans } from './sink-plans.ts';
import { openTools, startWorks, type Tools, type Works } from './works.ts';

export interface GatewayOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  /** Reads the configuration again. @default what was loaded stays */
  readonly reread?: () => Promise<LoadedConfig>;
  /** Called with each configuration that was read again and is now in use. */
  readonly onReload?: (loaded: LoadedConfig) => void;
  /** Values that no message may hold, those of later configurations included. @default those of `loaded` */
  readonly secrets?: Iterable<string>;
  /** @default the system's, made monotonic */
  readonly clock?: Clock;
  readonly onFrame?: (report: FrameReport) => void;
}

export interface Gateway {
  /** Fulfilled when every source has ended, which a live camera never does, or when the engine is gone for good. */
  readonly finished: Promise<PipelineEnd>;
  /**
   * Reads the configuration again and takes into use what differs: cameras one by one, sinks one by one, all cameras
   * where the gateway's name, its model or its ffmpeg is another; then tells every camera's state again. One reload
   * after the other.
   *
   * @returns the parts that differed.
   * @throws what reading, `openTools` and the sinks throw; all goes on as before then. It is logged already.
   */
  reload(): Promise<readonly ConfigPart[]>;
  /** Ends all, within 5 s, and leaves no child; a model that is being loaded first. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** What all cameras depend on. */
const FOUNDATIONS: ReadonlySet<ConfigPart> = new Set(['gateway', 'model', 'ffmpeg', 'data']);

/**
 * Starts what a configuration describes: ffmpeg found, model loaded, sinks open, cameras running. A broker or
 * camera that is away is no reason to fail: both are tried again in the background.
 *
 * @throws CONFIG_INVALID (labels that the model does not know), FFMPEG_MISSING, MODEL_MISSING, MODEL_INVALID, MODEL_CHECKSUM, ENGINE_NONE
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, reread = async () => options.loaded, onReload, clock = monotonic(), onFrame } = options;
  const { secrets = options.loaded.secrets } = options;
  const worksOptions = { secrets, log, clock, ...(onFrame !== undefined && { onFrame }) };
  const sinks = sinkSet({ log, clock });
  let loaded = options.loaded;
  let data: Data | undefined;
  let works = await startAll(loaded, await openTools(loaded, log));
  /** The newest reload, and with it all before; never rejects. */
  let changing: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  log.info({ cameras: Object.keys(loaded.config.cameras), sinks: sinks.names }, 'gateway started');

  async function startAll(wanted: LoadedConfig, tools: Tools): Promise<Works> {
    try {
      sinks.use(sinkPlans(wanted, { log, clock }));
    } catch (error) {
      await tools.detector.close();
      throw error;
    }
    const { journal, keep, folder: dataFolder } = await dataOf(wanted);
    return startWorks(wanted, tools, { ...worksOptions, sinks, journal, keep, dataFolder });
  }

  /** The data in use, or that of another folder: what was left open there is ended first. */
  async function dataOf(wanted: LoadedConfig): Promise<Data> {
    if (data !== undefined && data.folder === dataFolder(wanted)) return data;
    await data?.close();
    data = await openData(wanted, log);
    const ended = data.journal === undefined ? 0 : await endLeftOver(data.journal, { sinks: [sinks], clock });
    if (ended > 0) log.info({ ended }, 'events that the gateway before this one left open are ended');
    return data;
  }

  async function untilOver(): Promise<PipelineEnd> {
    const seen = works;
    const end = await seen.pipeline.finished;
    await changing; // may have brought other works
    return seen === works ? end : untilOver();
  }

  async function change(): Promise<readonly ConfigPart[]> {
    const before = loaded;
    const next = await reread();
    const parts = changedParts(before, next);
    const { pipeline } = works;
    if (parts.some((part) => FOUNDATIONS.has(part))) {
      const tools = await openTools(next, log);
      const staying = cameraPlans(before).filter(({ camera }) => Object.hasOwn(next.config.cameras, camera));
      await pipeline.setCameras(staying); // so that the others are told as gone
      await works.close();
      works = await startAll(next, tools);
    } else {
      checkLabels(next, works.labels);
      await pipeline.setCameras(cameraPlans(next));
      sinks.use(sinkPlans(next, { log, clock }));
      pipeline.reportStates(); // to sinks that are new, and to whoever asks
    }
    loaded = next;
    onReload?.(next);
    log.info({ changed: parts }, 'configuration read again');
    return parts;
  }

  return {
    finished: untilOver(),
    reload() {
      const letGo = works.pipeline.hold(); // its last file may end while the new configuration is read
      const changed = changing.then(() => (closing === undefined ? change() : [])).finally(letGo);
      changing = changed.catch((error: unknown) =>
        log.error(errorFacts(error), NOT_TAKEN + asError(error).message),
      );
      return changed;
    },
    close() {
      closing ??= (async () => {
        await changing;
        await works.close();
        await sinks.close();
        await data?.close(); // last, since it remembers what the sinks did not get
      })();
      return closing;
    },
  };
}

const NOT_TAKEN = 'the configuration was not taken, the last good one goes on: ';
