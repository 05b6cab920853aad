import { monotonic } from '../../src/core/clock.ts';
import type { CameraView, GatewayFacts } from '../../src/core/dashboard.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { Log } from '../../src/core/log.ts';
import { packageVersion } from '../../src/core/package-version.ts';
import { restartEnd } from '../../src/events/restart-end.ts';
import { cameraFigures } from '../../src/pipeline/camera-figures.ts';
import type { DashboardPlan } from '../../src/pipeline/dashboard-plan.ts';
import { livePictures } from '../../src/pipeline/live.ts';
import { openDashboard } from '../../src/web/dashboard.ts';
import { createFeed } from '../../src/web/feed.ts';
import type { GatewayArchive } from '../lib/gateway-node.ts';
import type { Shapes, ShownFrame } from '../lib/shown-frame.ts';
import type { Told } from '../lib/told.ts';
import { copiedVideos } from './copied-videos.ts';

export interface PageOptions {
  /** Name of the gateway. */
  readonly gateway: string;
  readonly plan: DashboardPlan;
  /** Has the past. @default the newest events of this run */
  readonly archive?: GatewayArchive | undefined;
  readonly onViewers: (viewers: number) => void;
  readonly log: Log;
}

/** The dashboard's page, and what it is told by messages. */
export interface Page {
  /** Such as `http://127.0.0.1:8585/`. */
  readonly url: string;
  hear(told: Told): void;
  /** Shows a frame to those who watch its camera; a frame that is gone by then is left out. */
  show(shown: ShownFrame): Promise<void>;
  /** Idempotent, never rejects, done within 2 s. */
  close(): Promise<void>;
}

const NOTHING: Shapes = { zones: [], lines: [] };
/** More than a Node-RED can read; names come with messages. */
const MOST_CAMERAS = 200;
const MOST_LABELS = 200;
/** A *track* that says nothing of so many frames is not wired any more. */
const MOST_MISSED = 5;

/** @throws DASHBOARD_FAILED where it cannot listen. */
export async function openPage({ gateway, plan, archive, onViewers, log }: PageOptions): Promise<Page> {
  const clock = monotonic();
  const startedAt = clock.now();
  const feed = createFeed();
  const pictures = livePictures({ log });
  const figures = cameraFigures({ clock });
  const shapesBy = new Map<string, Shapes>();
  /** How many frames of a camera came by themselves since the last that came by *track*. */
  const untracked = new Map<string, number>();
  const labels = new Set<string>();
  let detector: ShownFrame['detector'];

  const viewOf = (camera: string): CameraView => {
    return { camera, fps: null, privacy: [], ...(shapesBy.get(camera) ?? NOTHING) };
  };
  /** Cameras are known from what is told of them. */
  const meet = (camera: string, shapes = shapesBy.get(camera) ?? NOTHING): void => {
    if (shapesBy.get(camera) === shapes || (shapesBy.size >= MOST_CAMERAS && !shapesBy.has(camera))) return;
    const isSame = JSON.stringify(shapesBy.get(camera)) === JSON.stringify(shapes); // each message has a copy
    shapesBy.set(camera, shapes);
    if (!isSame) feed.setCameras([...shapesBy.keys()].sort().map(viewOf));
  };
  const facts = async (): Promise<Omit<GatewayFacts, 'viewers'>> => ({
    gateway,
    version: packageVersion,
    startedAt,
    engine: detector === undefined ? null : { ...detector.engine, processes: null },
    model: detector?.model.name ?? null,
    labels: [...labels].sort(),
    memoryBytes: process.memoryUsage.rss(),
    childrenBytes: {},
    figures: Object.fromEntries(feed.cameras.map(({ camera }) => [camera, figures.of(camera)])),
    sinks: [],
    states: feed.states,
  });

  const videos = copiedVideos({
    clock,
    log,
    onVideo: () => feed.setCameras(feed.cameras), // whoever asked before was told that there is none
    onEnd: pictures.forget, // what comes next may hide what was seen
  });
  const live = { pictures: pictures.pictures, tracks: pictures.tracks, video: videos.video };
  const past = archive?.events;
  const dashboard = await openDashboard({ ...plan, feed, live, archive: past, onViewers, facts, clock, log });
  return {
    url: dashboard.url,
    hear(told) {
      if (told.kind === 'event') {
        meet(told.delivery.event.camera);
        if (labels.size < MOST_LABELS) labels.add(told.delivery.event.label);
        figures.onEvent(told.delivery.event);
        feed.push(told.delivery);
        archive?.push(told.delivery);
      } else if (told.kind === 'state') {
        meet(told.report.camera);
        figures.state(told.report);
        feed.state(told.report);
      } else {
        meet(told.camera);
        feed.tally(told.camera, told.tally);
      }
    },
    async show({ frame: handle, seen, shapes, detector: by }) {
      const { camera } = handle;
      detector = by ?? detector;
      meet(camera, shapes);
      const missed = shapes === undefined ? (untracked.get(camera) ?? MOST_MISSED) + 1 : 0;
      untracked.set(camera, missed);
      if (missed > 0 && missed <= MOST_MISSED) return; // the same frame comes from track, with more
      try {
        await handle.use(async (frame) => {
          if (shapesBy.has(camera)) videos.meet(handle);
          figures.onShown(frame);
          pictures.show(frame, seen);
        });
      } catch (error) {
        if (!(error instanceof FalconetError && error.code === 'FRAME_EXPIRED')) throw error;
      }
    },
    async close() {
      // Node-RED delivers nothing more: the ends that track tells as it closes would be missing for ever.
      for (const event of await feed.lives.find({ limit: 1_000 })) {
        if (event.end !== null) continue;
        archive?.push({ event: restartEnd(event, { now: clock.now(), streamSeq: event.stream_seq + 1 }) });
      }
      await Promise.all([dashboard.close(), videos.close()]);
    },
  };
}
