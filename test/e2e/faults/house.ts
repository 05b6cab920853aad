import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { StateReport } from '../../../src/core/camera-state.ts';
import type { FrameTotals } from '../../../src/core/frame-totals.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import { type RecordedMessage, startBroker, type TestBroker } from '../../helpers/broker.ts';
import { eventsIn } from '../../helpers/events.ts';
import { type Running, spawnFalconet } from '../../helpers/falconet.ts';
import { runFfmpeg } from '../../helpers/ffmpeg.ts';
import { ffmpegOf, processesBelow } from '../../helpers/processes.ts';
import { type RtspCamera, startRtspCamera } from '../../helpers/rtsp-camera.ts';
import { type SmallDisk, smallDisk } from '../../helpers/small-disk.ts';
import { startWire, type Wire } from '../../helpers/wire.ts';

/** The camera that is done something to, and those that must not notice. */
export const VICTIM = 'drive';
export const OTHERS = ['porch', 'gate', 'yard'] as const;
export const CAMERAS = [VICTIM, ...OTHERS] as const;
export type Camera = typeof VICTIM | (typeof OTHERS)[number];

export function byCamera<T>(make: (camera: Camera) => T): Record<Camera, T> {
  return { drive: make('drive'), porch: make('porch'), gate: make('gate'), yard: make('yard') };
}

/** Of the cameras. */
export const USER = 'viewer';
export const PASSWORD = 'secret';

/** What a state topic says, and of which camera. */
export type State = Pick<StateReport, 'state' | 'reason' | 'frames'> & { readonly camera: Camera };

/** A line of the gateway's log. */
export interface Line {
  readonly level: string;
  readonly msg: string;
  /** How many held-back lines it stands for. */
  readonly repeated?: number;
  readonly [fact: string]: unknown;
}

/** What the outside heard of the gateway from some moment on. */
export interface Heard {
  readonly states: readonly State[];
  readonly lines: readonly Line[];
  /** Events that came into the files. */
  readonly written: number;
}

/** A gateway with four cameras, a broker and a file for its events, each of them real. */
export interface House {
  readonly cameras: Readonly<Record<Camera, RtspCamera>>;
  readonly gateway: Running;
  /** Where the file sink has its file. */
  readonly eventFolder: string;
  /** What that folder lies on, where this user may have a small disk. */
  readonly disk: SmallDisk | undefined;
  /** Whatever comes from here on. */
  listen(): () => Heard;
  /** The whole log. */
  lines(): Line[];
  /** What became of each camera's frames until now; asked for by SIGHUP, so the broker must be there. */
  figures(): Promise<Record<Camera, FrameTotals>>;
  /** As the broker got them, each once. */
  published(): FalconetEvent[];
  /** What is in the files. */
  written(): FalconetEvent[];
  pidOf(process: 'ffmpeg' | 'engine'): number;
  /** The line to the broker, which can fall silent. */
  readonly wire: Wire;
  takeBrokerAway(): Promise<void>;
  bringBrokerBack(): Promise<void>;
  close(): Promise<void>;
}

export const WITHIN = { timeout: 60_000, interval: 20 };
const CLIP = join(packageRoot, 'examples/media/demo.mp4');
/** More than the cameras send, so that no picture is left out; the victim's own, so that its ffmpeg can be told. */
const FPS: Readonly<Record<Camera, number>> = { drive: 11, porch: 10, gate: 10, yard: 10 };

/** Resolves when all four cameras are online and have sent events. */
export async function startHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-house-'));
  const disk = smallDisk(4_096);
  const home = disk?.folder ?? folder;
  const eventFolder = join(home, 'events');
  const cameras = await startCameras(folder);
  let broker: TestBroker = await startBroker();
  const { port } = broker;
  const wire = await startWire(port);
  const early: RecordedMessage[] = [];
  const messages = (): readonly RecordedMessage[] => [...early, ...broker.messages];

  const config = join(folder, 'falconet.yaml');
  writeFileSync(config, configuration(wire.port, cameras, join(eventFolder, 'events.jsonl')));
  const gateway = spawnFalconet(['run', config, '--json']);
  const lines = (): Line[] => {
    const whole = gateway.output().stderr.split('\n').slice(0, -1);
    return whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
  };
  const states = (): State[] => messages().flatMap(stateOf);
  const written = (): FalconetEvent[] =>
    readdirSync(home, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => eventsIn(join(home, name)));

  function listen(): () => Heard {
    const before = { states: states().length, lines: lines().length, written: written().length };
    return () => ({
      states: states().slice(before.states),
      lines: lines().slice(before.lines),
      written: written().length - before.written,
    });
  }

  async function figures(): Promise<Record<Camera, FrameTotals>> {
    const since = listen();
    gateway.kill('SIGHUP');
    return vi.waitFor(() => {
      if (!since().lines.some(({ msg }) => msg === 'configuration read again'))
        throw new Error('not read yet');
      return byCamera((camera) => {
        const told = since().states.findLast((state) => state.camera === camera);
        if (told === undefined) throw new Error(`expected the state of ${camera}`);
        return told.frames;
      });
    }, WITHIN);
  }

  const house: House = {
    cameras,
    gateway,
    eventFolder,
    disk,
    wire,
    listen,
    lines,
    figures,
    published: () => onceEach(messages().flatMap(eventOf)),
    written,
    pidOf(process) {
      const pid = process === 'ffmpeg' ? ffmpegOf(gateway.pid, FPS[VICTIM]) : engineOf(gateway.pid);
      if (pid === undefined) throw new Error(`expected a process of the ${process}`);
      return pid;
    },
    async takeBrokerAway() {
      await wire.close();
      await broker.close();
    },
    async bringBrokerBack() {
      const next = await startBroker({ port });
      early.push(...broker.messages);
      broker = next;
      await wire.open();
    },
    async close() {
      gateway.kill('SIGKILL');
      await gateway.finished;
      await wire.close();
      await Promise.all([broker.close(), ...Object.values(cameras).map((camera) => camera.close())]);
      disk?.remove();
      rmSync(folder, { recursive: true });
    },
  };
  const haveAll = (): void => {
    for (const camera of CAMERAS) {
      if (!house.published().some((event) => event.camera === camera))
        throw new Error(`nothing of ${camera}`);
    }
  };
  await vi.waitFor(haveAll, WITHIN).catch(async (error: unknown) => {
    const { stderr } = gateway.output();
    await house.close();
    throw new Error(`expected events of all cameras, got this log:\n${stderr}`, { cause: error });
  });
  return house;
}

/** Each begins somewhere else in the clip, so that events come at all times. */
async function startCameras(folder: string): Promise<Record<Camera, RtspCamera>> {
  const from = async (seconds: number): Promise<RtspCamera> => {
    const clip = join(folder, `${seconds}.mp4`);
    await runFfmpeg(['-ss', String(seconds), '-i', CLIP, '-c', 'copy', clip]);
    return startRtspCamera({ clip, credentials: { user: USER, password: PASSWORD } });
  };
  return { drive: await from(0), porch: await from(4), gate: await from(8), yard: await from(11) };
}

function configuration(
  brokerPort: number,
  cameras: Readonly<Record<Camera, RtspCamera>>,
  file: string,
): string {
  const settings = {
    mqtt: { url: `mqtt://127.0.0.1:${brokerPort}` },
    model: { processes: 1 },
    cameras: byCamera((camera) => ({
      source: cameras[camera].url,
      ...{ username: USER, password: PASSWORD, fps: FPS[camera], labels: { person: {} } },
    })),
    sinks: [{ type: 'mqtt' }, { type: 'file', path: file }],
  };
  return JSON.stringify(settings); // which is YAML too
}

function stateOf({ topic, payload }: RecordedMessage): State[] {
  const camera = /^falconet\/camera\/(\w+)\/state$/.exec(topic)?.[1];
  return camera === undefined ? [] : [{ camera: camera as Camera, ...JSON.parse(payload.toString()) }];
}

function eventOf({ topic, payload }: RecordedMessage): FalconetEvent[] {
  return topic.endsWith('/event') ? [JSON.parse(payload.toString()) as FalconetEvent] : [];
}

/** MQTT delivers at least once. */
function onceEach(events: readonly FalconetEvent[]): FalconetEvent[] {
  return [...new Map(events.map((event) => [`${event.camera} ${event.stream_seq}`, event])).values()];
}

function engineOf(gateway: number): number | undefined {
  const isEngine = (words: readonly string[]): boolean => words.join(' ').includes('engine-process');
  return processesBelow(gateway)?.find(({ commandLine }) => isEngine(commandLine))?.pid;
}
