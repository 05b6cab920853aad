import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { Live, LivePicture, LiveTracks, VideoPiece } from '../../src/core/live.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Dashboard, type DashboardOptions, openDashboard } from '../../src/web/dashboard.ts';
import { createFeed, type Feed } from '../../src/web/feed.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

export interface OpenPage {
  readonly dashboard: Dashboard;
  readonly feed: Feed;
  readonly live: HandLive;
  /** Of a path of it. */
  readonly url: (path: string) => string;
}

/** A dashboard on a free port of this machine, closed when the test ends; what a test is about, it changes. */
export async function openPage(changes: Partial<DashboardOptions> = {}): Promise<OpenPage> {
  const feed = createFeed();
  feed.setCameras([{ camera: 'drive', fps: 5, zones: [], lines: [], privacy: [] }]);
  const live = handLive();
  const dashboard = await openDashboard({
    host: '127.0.0.1',
    port: 0,
    pageFolder: tempFolder(),
    feed,
    live,
    facts: async () => ({
      gateway: 'home',
      version: '0',
      startedAt: 0,
      engine: { name: 'none', version: '0', processes: 1 },
      model: 'tiny-ssd',
      labels: ['person'],
      memoryBytes: 1,
      childrenBytes: {},
      figures: {},
      sinks: [],
      states: [],
    }),
    clock: systemClock,
    log: silentLog,
    ...changes,
  });
  onTestFinished(() => dashboard.close());
  return { dashboard, feed, live, url: (path) => new URL(path, dashboard.url).href };
}

export interface HandLive extends Live {
  readonly watchers: () => number;
  show(picture: LivePicture): void;
  tell(tracks: LiveTracks): void;
  play(piece: VideoPiece): void;
}

/** Pictures that a test sends by hand. */
function handLive(): HandLive {
  const pictures = new Set<(picture: LivePicture) => void>();
  const tracks = new Set<(tracks: LiveTracks) => void>();
  const videos = new Set<(piece: VideoPiece) => void>();
  const add = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const each = <T>(listeners: Set<(value: T) => void>, value: T): void => {
    for (const listener of listeners) listener(value);
  };
  return {
    pictures: (_, listener) => add(pictures, listener),
    tracks: (_, listener) => add(tracks, listener),
    video: (_, listener) => add(videos, listener),
    watchers: () => pictures.size + tracks.size + videos.size,
    show: (picture) => each(pictures, picture),
    tell: (told) => each(tracks, told),
    play: (piece) => each(videos, piece),
  };
}
