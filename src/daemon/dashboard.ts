import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import type { CameraView } from '../core/dashboard.ts';
import { asError, errorFacts } from '../core/error.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Log } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import { packageVersion } from '../core/package-version.ts';
import type { ShapeEditor } from '../core/shape-editor.ts';
import { sinkFigures } from '../pipeline/bridge-health.ts';
import { cameraFigures } from '../pipeline/camera-figures.ts';
import { clipsFolder } from '../pipeline/clips.ts';
import { copiedSource } from '../pipeline/copied-source.ts';
import { type DashboardPlan, dashboardPlan, shapesOf } from '../pipeline/dashboard-plan.ts';
import type { Outlet } from '../pipeline/hand-over.ts';
import { livePictures } from '../pipeline/live.ts';
import { liveVideo } from '../pipeline/live-video.ts';
import type { CameraPlan, PipelineOptions } from '../pipeline.ts';
import { openEventArchive } from '../sinks/archive/event-archive.ts';
import type { SinkSet } from '../sinks/sink-set.ts';
import type { DashboardOptions } from '../web/dashboard.ts';
import { createFeed } from '../web/feed.ts';
import { archiveFolder } from './archive-plan.ts';
import { dataFolder } from './data.ts';
import { childrenOf } from './metrics/children.ts';
import type { Works } from './works.ts';

export interface DashboardHostOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Values that no message may hold; may grow. */
  readonly secrets: Iterable<string>;
  /** What waits for the sinks. */
  readonly queues: () => SinkSet['queues'];
  /** @default nothing can be drawn */
  readonly editor?: ShapeEditor | undefined;
}

/** What the dashboard shows from now on. */
export interface Shown {
  readonly loaded: LoadedConfig;
  readonly plans: readonly CameraPlan[];
  readonly works: Pick<Works, 'pipeline' | 'detector' | 'ffmpeg'>;
}

const NO_TLS = 'passwords and pictures of the dashboard cross the network in the clear';
const TLS_HINT = 'Give dashboard.cert and dashboard.key, or put a proxy with TLS before it';

interface Served {
  /** What it was served by. */
  readonly by: unknown;
  readonly url: string;
  close(): Promise<unknown>;
}

/** A gateway's dashboard over reloads: it remembers what it has heard while the page is served anew, or not at all. */
export interface DashboardHost {
  /** Of the page; undefined while there is none. */
  readonly url: string | undefined;
  /** Hears events, states and tallies. */
  readonly outlet: Outlet;
  readonly onShown: NonNullable<PipelineOptions['onShown']>;
  onFrame(report: FrameReport): void;
  /** Copies no more of what these plans hide, before they run: until a camera has stopped may take seconds. */
  hide(plans: readonly CameraPlan[]): void;
  /** Serves the page as the configuration wants it. Where that fails, the log says so, and the cameras go on. */
  use(shown: Shown): Promise<void>;
  /** Idempotent, never rejects, done within 5 s. */
  close(): Promise<void>;
}

export function dashboardHost(options: DashboardHostOptions): DashboardHost {
  const { log, clock, secrets, queues, editor } = options;
  const feed = createFeed();
  const pictures = livePictures({ log });
  const video = liveVideo({ clock, log, secrets });
  const live = { pictures: pictures.pictures, tracks: pictures.tracks, video: video.video };
  const figures = cameraFigures({ clock });
  const startedAt = clock.now();
  let shown: Shown | undefined;
  /** Cameras that are switched off: nobody is to see them. */
  const disabled = new Set<string>();
  /** Cameras that will hide something. */
  let hiding: ReadonlySet<string> = new Set();
  let served: Served | undefined;

  const facts: DashboardOptions['facts'] = async () => {
    if (shown === undefined) throw new TypeError('expected something to show');
    const { loaded, works } = shown;
    const { engine, processes, model, labels } = works.detector;
    return {
      gateway: loaded.config.gateway,
      version: packageVersion,
      startedAt,
      engine: { ...engine, processes },
      model: model.name,
      labels,
      memoryBytes: process.memoryUsage.rss(),
      childrenBytes: await childrenBytes(),
      figures: Object.fromEntries(feed.cameras.map(({ camera }) => [camera, figures.of(camera)])),
      sinks: sinkFigures(queues()),
      states: works.pipeline.reports,
    };
  };

  function useSources(): void {
    if (shown === undefined) return;
    const visible = shown.plans.filter(({ camera }) => !disabled.has(camera) && !hiding.has(camera));
    const copied = visible.flatMap((plan) => {
      const source = copiedSource(plan);
      return source === undefined ? [] : [[plan.camera, source] as const];
    });
    video.use(new Map(copied), shown.works.ffmpeg);
  }

  async function serve(loaded: LoadedConfig): Promise<void> {
    const folder = archiveFolder(loaded);
    const by = [loaded.config.dashboard, loaded.dashboardFiles, dataFolder(loaded), folder];
    if (served !== undefined && isDeepStrictEqual(served.by, by)) return;
    await served?.close();
    served = undefined;
    const options = pageOptions(loaded);
    if (options === undefined) return;
    const archive = folder === undefined ? undefined : openEventArchive(folder);
    try {
      // Its web server is 20 MB that a gateway without the page does not need.
      const { openDashboard } = await import('../web/dashboard.ts');
      const page = await openDashboard({ ...options, feed, live, archive, editor, facts, clock, log });
      served = { by, url: page.url, close: () => Promise.all([page.close(), archive?.close()]) };
      log.info({ url: page.url }, 'the dashboard is there');
      if (options.tls === undefined && !isLoopback(options.host))
        log.warn({ url: page.url, hint: TLS_HINT }, NO_TLS);
    } catch (error) {
      await archive?.close();
      log.error(errorFacts(error), asError(error).message);
    }
  }

  return {
    get url() {
      return served?.url;
    },
    outlet: {
      push(delivery) {
        if (shown !== undefined && shown.loaded.config.dashboard === undefined) return;
        figures.onEvent(delivery.event);
        feed.push(delivery);
      },
      state(state) {
        const wasDisabled = disabled.has(state.camera);
        const isDisabled = state.state === 'disabled';
        if (isDisabled) {
          disabled.add(state.camera);
          pictures.forget(state.camera);
        } else disabled.delete(state.camera);
        if (isDisabled !== wasDisabled) useSources();
        figures.state(state);
        feed.state(state);
      },
      tally: (camera, tally) => feed.tally(camera, tally),
    },
    onShown(frame, judged) {
      if (disabled.has(frame.camera)) return; // was still being looked at when its camera was switched off
      figures.onShown(frame);
      pictures.show(frame, judged);
    },
    onFrame(report) {
      if (!disabled.has(report.camera)) figures.onFrame(report);
    },
    hide(plans) {
      hiding = new Set(plans.filter(hasPrivacy).map(({ camera }) => camera));
      useSources();
    },
    async use(next) {
      shown = next;
      hiding = new Set();
      const views = Object.keys(next.loaded.config.cameras).map((camera) => viewOf(next.loaded, camera));
      for (const { camera, privacy } of feed.cameras) {
        const view = views.find((one) => one.camera === camera);
        if (!isDeepStrictEqual(view?.privacy, privacy)) pictures.forget(camera); // what is hidden now was seen
      }
      feed.setCameras(views);
      useSources();
      await serve(next.loaded);
    },
    async close() {
      await Promise.all([served?.close(), video.close()]);
    },
  };
}

/** Resident memory of engines and ffmpegs, by program. */
async function childrenBytes(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { program, residentBytes } of await childrenOf(process.pid)) {
    sums[program] = (sums[program] ?? 0) + residentBytes;
  }
  return sums;
}

/** What a configuration says of the page; undefined where it wants none. */
function pageOptions(
  loaded: LoadedConfig,
): (DashboardPlan & Pick<DashboardOptions, 'clipsFolder'>) | undefined {
  const { dashboard } = loaded.config;
  if (dashboard === undefined) return undefined;
  const folder = dataFolder(loaded);
  return {
    ...dashboardPlan(dashboard, loaded.dashboardFiles),
    clipsFolder: folder === undefined ? undefined : clipsFolder(folder),
  };
}

function viewOf({ config }: LoadedConfig, camera: string): CameraView {
  const { fps = 0, masks, ...drawn } = config.cameras[camera] ?? {};
  return { camera, fps, ...shapesOf(drawn), privacy: masks?.privacy ?? [] };
}

function hasPrivacy({ privacy = [] }: CameraPlan): boolean {
  return privacy.length > 0;
}
