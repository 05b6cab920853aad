import { type ConfigPart, changedParts } from '../config/changes.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type Clock, monotonic } from '../core/clock.ts';
import { asError, errorFacts, FalconetError } from '../core/error.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import { endLeftOver } from '../pipeline/hand-over.ts';
import type { PipelineEnd } from '../pipeline.ts';
import { sinkSet } from '../sinks/sink-set.ts';
import { checkLabels } from './check-labels.ts';
import { dashboardHost } from './dashboard.ts';
import { type Data, holdsDataOf, openData } from './data.ts';
import type { LogLevel } from './logger.ts';
import { metricsHost } from './metrics/metrics.ts';
import { openRemote } from './remote.ts';
import { shapeEditor } from './shape-editor.ts';
import { sinkPlans } from './sink-plans.ts';
import { toldLog } from './told-log.ts';
import { openTools, startWorks, type Tools, type Works, type WorksOptions } from './works.ts';

export interface GatewayOptions {
  readonly loaded: LoadedConfig;
  readonly log: Log;
  /** Reads the configuration again. @default what was loaded stays */
  readonly reread?: () => Promise<LoadedConfig>;
  /** File that `reread` reads, for whoever draws on the dashboard. @default nothing can be drawn there */
  readonly configFile?: string;
  /** Called with each configuration that was read again and is now in use. */
  readonly onReload?: (loaded: LoadedConfig) => void;
  /** Values that no message may hold, those of later configurations included. @default those of `loaded` */
  readonly secrets?: Iterable<string>;
  /** @default the system's, made monotonic */
  readonly clock?: Clock;
  /** Called when another level is asked for from outside. @default it is refused */
  readonly setLogLevel?: (level: LogLevel) => void;
  readonly onFrame?: (report: FrameReport) => void;
}

export interface Gateway {
  /** Of the dashboard; undefined where there is none. */
  readonly dashboardUrl: string | undefined;
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
  const { reread = async () => options.loaded, onReload, clock = monotonic(), onFrame } = options;
  const { secrets = options.loaded.secrets, setLogLevel } = options;
  const log = toldLog(options.log, { secrets, clock });
  const { configFile: path } = options;
  const editor = path === undefined ? undefined : shapeEditor({ path, reload });
  const sinks = sinkSet({ log, clock });
  const page = dashboardHost({ secrets, log, clock, editor, queues: () => sinks.queues });
  const metrics = metricsHost({
    log,
    clock,
    figures: () => ({ gateway: loaded.config.gateway, detector: works.detector, queues: sinks.queues }),
  });
  const worksOptions: Pick<WorksOptions, 'secrets' | 'log' | 'clock' | 'onFrame' | 'onShown'> = {
    secrets,
    log,
    clock,
    onFrame(report) {
      metrics.onFrame(report);
      remote.onFrame(report);
      page.onFrame(report);
      onFrame?.(report);
    },
    onShown(frame, tracks) {
      metrics.onShown(frame);
      page.onShown(frame, tracks);
    },
  };
  let loaded = options.loaded;
  let data: Data | undefined;
  /** The newest change, and with it all before; never rejects. */
  let changing: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  const remote = openRemote({
    log,
    clock,
    setLogLevel,
    inUse: () => ({ loaded, works }),
    queues: () => sinks.queues,
    inTurn,
    reload,
    restart,
  });
  let works = await startAll(loaded, await openTools(loaded, log));
  await serve();
  log.info({ cameras: Object.keys(loaded.config.cameras), sinks: sinks.names }, 'gateway started');
  remote.logSwitches(loaded);

  async function startAll(wanted: LoadedConfig, tools: Tools): Promise<Works> {
    const isOther = data === undefined || !holdsDataOf(wanted, data);
    if (isOther) {
      await sinks.close(); // what they do not have yet stays in the outboxes
      await data?.close();
      data = await openData(wanted, log);
      remote.use(data.keep);
    }
    try {
      useSinks(wanted);
    } catch (error) {
      await tools.detector.close();
      await data?.close();
      throw error;
    }
    const { journal, keep, folder: dataFolder } = data ?? {};
    const ended = isOther && journal ? endLeftOver(journal, { sinks: [sinks], clock }) : 0;
    if (ended > 0) log.info({ ended }, 'events that the gateway before this one left open are ended');
    return startWorks(wanted, tools, {
      ...worksOptions,
      cameras: remote.plans(wanted),
      sinks: [sinks, remote.outlet, page.outlet, metrics.outlet],
      journal,
      keep,
      dataFolder,
    });
  }

  async function serve(): Promise<void> {
    await Promise.all([page.use({ loaded, plans: remote.plans(loaded), works }), metrics.use(loaded)]);
  }

  function useSinks(wanted: LoadedConfig): void {
    sinks.use(sinkPlans(wanted, { log, clock, desk: remote.desk }), {
      ...data?.limits,
      outboxOf: data?.outboxOf,
    });
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
      page.hide(remote.plans(next));
      const staying = remote.plans(before).filter(({ camera }) => Object.hasOwn(next.config.cameras, camera));
      await pipeline.setCameras(staying); // so that the others are told as gone
      await works.close();
      works = await startAll(next, tools);
    } else {
      checkLabels(next, works.detector.labels);
      page.hide(remote.plans(next));
      await pipeline.setCameras(remote.plans(next));
      useSinks(next);
      pipeline.reportStates(); // to sinks that are new, and to whoever asks
    }
    loaded = next;
    onReload?.(next);
    await serve();
    remote.tell();
    log.info({ changed: parts }, 'configuration read again');
    remote.logSwitches(next);
    return parts;
  }

  async function restart(): Promise<void> {
    const tools = await openTools(loaded, log);
    await works.close();
    works = await startAll(loaded, tools);
    await serve();
    remote.tell();
    log.info({}, 'engines and cameras are started again, as it was asked for');
  }

  /** One change after the other; none once the gateway closes. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const letGo = works.pipeline.hold(); // its last file may end meanwhile
    const done = changing
      .then(() => {
        if (closing === undefined) return act();
        throw new FalconetError('REQUEST_REFUSED', 'the gateway is stopping');
      })
      .finally(letGo);
    changing = done.catch(() => {});
    return done;
  }

  async function reload(): Promise<readonly ConfigPart[]> {
    try {
      return await inTurn(change);
    } catch (error) {
      if (closing !== undefined) return [];
      log.error(errorFacts(error), NOT_TAKEN + asError(error).message);
      throw error;
    }
  }

  remote.tell();
  return {
    get dashboardUrl() {
      return page.url;
    },
    finished: untilOver(),
    reload,
    close() {
      closing ??= (async () => {
        remote.close();
        await changing;
        await Promise.all([works.close(), page.close(), metrics.close()]);
        await sinks.close();
        await data?.close(); // last, since it holds what the sinks did not get
      })();
      return closing;
    },
  };
}

const NOT_TAKEN = 'the configuration was not taken, the last good one goes on: ';
