import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StateReport } from '../../core/camera-state.ts';
import type { Clock } from '../../core/clock.ts';
import type { Frame } from '../../core/frame.ts';
import type { FrameReport } from '../../core/frame-report.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Tally } from '../../core/tally.ts';

/** What is known of the cameras, but for those that are gone. */
export interface Known {
  /** The newest report of each. */
  readonly states: ReadonlyMap<string, StateReport>;
  readonly tallies: ReadonlyMap<string, Tally>;
}

export interface CameraMetrics {
  onEvent(event: FalconetEvent): void;
  /** A camera that was online is so no more. */
  onOutage(camera: string): void;
  onFrame(report: FrameReport): void;
  /** A frame was judged or found quiet. */
  onShown(frame: Pick<Frame, 'camera' | 'wallTime'>): void;
}

/** s; a camera of 5 frames/s is late from .2 on. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 15];

/** Figures of each camera. Those of its frames are as old as its newest state, 30 s at most. */
export function cameraMetrics(
  registry: Registry,
  { states, tallies, clock }: Known & { readonly clock: Clock },
): CameraMetrics {
  const counted = counters(registry, states);
  gauges(registry, states, tallies);
  const timed = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['camera'], buckets: BUCKETS, registers: [registry] });
  const frameSeconds = timed(
    'falconet_frame_seconds',
    'From arrival of a frame until it was judged or found quiet',
  );
  const detectSeconds = timed(
    'falconet_detect_seconds',
    "From a batch's start to its answer, for each frame",
  );
  const eventSeconds = timed(
    'falconet_event_seconds',
    'From arrival of a frame to the event that speaks of it',
  );
  return {
    onEvent({ camera, label, type, latency_ms: latencyMs }) {
      counted.events.inc({ camera, label, type });
      eventSeconds.observe({ camera }, latencyMs / 1_000);
    },
    onOutage: (camera) => counted.outages.inc({ camera }),
    onFrame({ camera, detectMs, look }) {
      detectSeconds.observe({ camera }, detectMs / 1_000);
      counted.squares.inc({ camera }, look.squares.length);
    },
    onShown({ camera, wallTime }) {
      frameSeconds.observe({ camera }, Math.max(0, clock.now() - wallTime) / 1_000);
    },
  };
}

function counters(registry: Registry, states: ReadonlyMap<string, StateReport>) {
  const registers = [registry];
  /** One that is counted elsewhere. */
  const told = (name: string, help: string, label: string | undefined, of: (report: StateReport) => Told) =>
    new Counter({
      name,
      help,
      labelNames: label === undefined ? ['camera'] : ['camera', label],
      registers,
      collect() {
        this.reset();
        for (const [camera, report] of states) {
          for (const [value, count] of Object.entries(of(report))) {
            this.inc(label === undefined ? { camera } : { camera, [label]: value }, count);
          }
        }
      },
    });
  told('falconet_camera_frames_total', 'Pictures that came', undefined, ({ frames }) => ({
    all: frames.came,
  }));
  told('falconet_camera_looked_total', 'Frames that were looked at', undefined, ({ frames }) => ({
    all: frames.looked,
  }));
  told(
    'falconet_camera_dropped_total',
    'Frames that were not looked at',
    'reason',
    ({ frames }) => frames.dropped,
  );
  told('falconet_camera_refused_total', 'Objects that made no event', 'rule', ({ refused }) => refused);
  const own = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    outages: own('falconet_camera_outages_total', 'How often a camera that was online was lost', ['camera']),
    squares: own('falconet_squares_total', 'Pieces of pictures that the model looked at', ['camera']),
    events: own('falconet_events_total', 'Messages of events', ['camera', 'label', 'type']),
  };
}

type Told = Readonly<Record<string, number>>;

function gauges(
  registry: Registry,
  states: ReadonlyMap<string, StateReport>,
  tallies: ReadonlyMap<string, Tally>,
): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    values: () => Iterable<readonly [labels: Record<string, string>, value: number]>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, value] of values()) this.set(labels, value);
      },
    });
  const each = (of: (report: StateReport) => number) => () =>
    [...states].map(([camera, report]) => [{ camera }, of(report)] as const);
  gauge(
    'falconet_camera_online',
    '1 where frames come',
    ['camera'],
    each(({ state }) => (state === 'online' ? 1 : 0)),
  );
  gauge(
    'falconet_camera_fps',
    'Frames looked at in a second, lately',
    ['camera'],
    each(({ fps }) => fps),
  );
  gauge('falconet_camera_state', '1 for the state that holds, and why', ['camera', 'state', 'reason'], () =>
    [...states].map(([camera, { state, reason }]) => [{ camera, state, reason }, 1] as const),
  );
  gauge('falconet_camera_ill', '1 for what is wrong with the picture', ['camera', 'condition'], () =>
    [...states].flatMap(([camera, { health }]) =>
      Object.keys(health).map((condition) => [{ camera, condition }, 1] as const),
    ),
  );
  gauge('falconet_objects', 'Objects in the picture', ['camera', 'label'], () =>
    [...tallies].flatMap(([camera, { counts }]) =>
      Object.entries(counts).map(([label, count]) => [{ camera, label }, count] as const),
    ),
  );
}
