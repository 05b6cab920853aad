import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { LoadedConfig } from '../config/load.ts';
import type { StateReport } from '../core/camera-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Desk } from '../core/desk.ts';
import { FalconetError } from '../core/error.ts';
import type { FrameReport } from '../core/frame-report.ts';
import type { Keep } from '../core/keep.ts';
import { packageVersion } from '../core/package-version.ts';
import { bridgeHealth } from '../pipeline/bridge-health.ts';
import type { Outlet } from '../pipeline/hand-over.ts';
import type { CameraPlan } from '../pipeline.ts';
import type { SinkSet } from '../sinks/sink-set.ts';
import { bridgeInfo } from './bridge-info.ts';
import { cameraPlans } from './camera-plans.ts';
import { openDesk } from './desk.ts';
import type { LogLevel } from './logger.ts';
import { isHeard } from './sink-plans.ts';
import { type Setting, type SwitchBoard, switchBoard, withSetting } from './switches.ts';
import type { ToldLog } from './told-log.ts';
import type { Works } from './works.ts';

/** What a gateway lends to whoever steers it from outside. */
export interface RemoteOptions {
  readonly log: ToldLog;
  readonly clock: Clock;
  /** @default another level is refused */
  readonly setLogLevel?: ((level: LogLevel) => void) | undefined;
  /** Not asked before the first `tell`. */
  readonly inUse: () => { readonly loaded: LoadedConfig; readonly works: Works };
  /** What waits for the sinks. */
  readonly queues: () => SinkSet['queues'];
  /** Does one change after the other. */
  readonly inTurn: <T>(change: () => Promise<T>) => Promise<T>;
  readonly reload: () => Promise<readonly string[]>;
  /** Engines and all cameras; within `inTurn`. */
  readonly restart: () => Promise<void>;
}

/** A gateway as it is steered from outside: requests, and switches that win over the configuration. */
export interface Remote {
  readonly desk: Desk;
  /** Hears the states of cameras. */
  readonly outlet: Outlet;
  onFrame(report: FrameReport): void;
  /** Goes on with the switches that are kept there. */
  use(keep: Keep | undefined): void;
  /** What a configuration and the switches want done with each camera. */
  plans(loaded: LoadedConfig): CameraPlan[];
  /** Tells the log which cameras of a configuration are switched, and whether that is in force. */
  logSwitches(loaded: LoadedConfig): void;
  /** What the gateway is has changed. */
  tell(): void;
  /** Takes no more requests. Idempotent. */
  close(): void;
}

export function openRemote(options: RemoteOptions): Remote {
  const { log, clock, setLogLevel, inUse, queues, inTurn, reload, restart } = options;
  const instance = randomBytes(4).toString('hex');
  const identity = { version: packageVersion, instance, startedAt: clock.now() };
  const switches = switchBoard();
  const states = new Map<string, StateReport>();
  /** As it was set from outside, until a configuration is read again. */
  let level: { readonly of: LoadedConfig; readonly level: LogLevel } | undefined;

  const inForce = (loaded: LoadedConfig): Pick<SwitchBoard, 'of'> =>
    isHeard(loaded.config) ? switches : UNSWITCHED;
  const plans = (loaded: LoadedConfig): CameraPlan[] => cameraPlans(loaded, inForce(loaded));

  function tell(): void {
    const { loaded, works } = inUse();
    const { cameras, log: logged } = loaded.config;
    for (const camera of states.keys()) if (!Object.hasOwn(cameras, camera)) states.delete(camera);
    const logLevel = level?.of === loaded ? level.level : logged.level;
    const { detector } = works;
    desk.tell(bridgeInfo({ ...identity, loaded, detector, switches: inForce(loaded), logLevel }));
  }

  function logSwitches({ config }: LoadedConfig): void {
    const switched = Object.keys(config.cameras)
      .map((camera) => [camera, switches.of(camera)] as const)
      .filter(([, of]) => Object.keys(of).length > 0);
    if (switched.length === 0) return;
    const facts = { switches: Object.fromEntries(switched) };
    if (isHeard(config))
      log.info(facts, 'cameras were switched from outside: that wins over the configuration');
    else
      log.warn(
        facts,
        'cameras were switched from outside: not in force, since nothing could switch them back',
      );
  }

  /** @throws REQUEST_REFUSED for a camera that is not configured. */
  function configured(camera: string) {
    const { cameras } = inUse().loaded.config;
    const settings = Object.hasOwn(cameras, camera) ? cameras[camera] : undefined;
    if (settings !== undefined) return settings;
    throw refused(`expected a camera of this gateway: ${Object.keys(cameras).join(', ')}`);
  }

  async function set(camera: string, wanted: readonly Setting[]): Promise<void> {
    const settings = configured(camera);
    const { loaded, works } = inUse();
    const switchable = { settings, isRecorded: loaded.recordSources.has(camera) };
    const before = switches.of(camera);
    const after = wanted.reduce((all, setting) => withSetting(all, setting, switchable), before);
    if (isDeepStrictEqual(before, after)) return;
    switches.set(camera, after);
    await works.pipeline.setCameras(plans(loaded));
    tell();
    log.info({ camera, switches: after }, 'a camera was switched from outside');
  }

  const desk = openDesk({
    health: () => bridgeHealth({ ...identity, now: clock.now(), states: states.values(), queues: queues() }),
    reload,
    restart: (camera) =>
      inTurn(async () => {
        if (camera === undefined) return restart();
        configured(camera);
        await inUse().works.pipeline.restart(camera);
      }),
    set: (camera, wanted) => inTurn(() => set(camera, wanted)),
    async snapshot(camera) {
      configured(camera);
      return inUse().works.pipeline.snapshot(camera);
    },
    setLogLevel(wanted) {
      if (setLogLevel === undefined) throw refused('expected a log whose level can be set');
      setLogLevel(wanted);
      level = { of: inUse().loaded, level: wanted };
      tell();
    },
  });

  log.tellTo((line) => desk.pass({ kind: 'log', line }));

  return {
    desk,
    onFrame: (report) => desk.pass({ kind: 'frame', report }),
    outlet: { push() {}, state: (report) => void states.set(report.camera, report) },
    use: (keep) => switches.use(keep),
    plans,
    logSwitches,
    tell,
    close: () => desk.close(),
  };
}

/** Where nothing could be switched back. */
const UNSWITCHED: Pick<SwitchBoard, 'of'> = { of: () => ({}) };

function refused(message: string): FalconetError {
  return new FalconetError('REQUEST_REFUSED', message);
}
