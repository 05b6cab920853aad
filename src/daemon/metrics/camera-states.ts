import type { StateReport } from '../../core/camera-state.ts';
import type { Tally } from '../../core/tally.ts';
import type { Asked, Series } from './asked.ts';

/** What is known of the cameras, but for those that are gone. */
export interface Known {
  /** The newest report of each. */
  readonly states: ReadonlyMap<string, StateReport>;
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Figures of each camera's newest state: those of its frames are 30 s old at most. */
export function cameraStates({ counter, gauge }: Asked, { states, tallies }: Known): void {
  const each = (of: (report: StateReport) => number) => (): Series[] =>
    [...states].map(([camera, report]) => [{ camera }, of(report)]);
  const by = (label: string, of: (report: StateReport) => Readonly<Record<string, number>>) => (): Series[] =>
    [...states].flatMap(([camera, report]) =>
      Object.entries(of(report)).map(([value, count]): Series => [{ camera, [label]: value }, count]),
    );
  const ill = ({ health }: StateReport): Record<string, number> =>
    Object.fromEntries(Object.keys(health).map((condition) => [condition, 1]));

  counter(
    'falconet_camera_frames_total',
    'Pictures that came',
    ['camera'],
    each(({ frames }) => frames.came),
  );
  counter(
    'falconet_camera_looked_total',
    'Frames that were looked at',
    ['camera'],
    each(({ frames }) => frames.looked),
  );
  counter(
    'falconet_camera_dropped_total',
    'Frames that were not looked at',
    ['camera', 'reason'],
    by('reason', ({ frames }) => frames.dropped),
  );
  counter(
    'falconet_camera_refused_total',
    'Objects that made no event',
    ['camera', 'rule'],
    by('rule', ({ refused }) => refused),
  );
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
    [...states].map(([camera, { state, reason }]): Series => [{ camera, state, reason }, 1]),
  );
  gauge(
    'falconet_camera_ill',
    '1 for what is wrong with the picture',
    ['camera', 'condition'],
    by('condition', ill),
  );
  gauge('falconet_objects', 'Objects in the picture', ['camera', 'label'], () =>
    [...tallies].flatMap(([camera, { counts }]) =>
      Object.entries(counts).map(([label, count]): Series => [{ camera, label }, count]),
    ),
  );
}
