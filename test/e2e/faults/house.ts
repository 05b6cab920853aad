import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { packageRoot } from '../../../src/core/package-root.ts';
import { type Running, spawnFalconet } from '../../helpers/falconet.ts';
import { runFfmpeg } from '../../helpers/ffmpeg.ts';
import { ffmpegOf, processesBelow } from '../../helpers/processes.ts';
import { type RtspCamera, startRtspCamera } from '../../helpers/rtsp-camera.ts';
import { type SmallDisk, smallDisk } from '../../helpers/small-disk.ts';
import { byCamera, CAMERAS, type Camera, PASSWORD, USER, VICTIM } from './cast.ts';
import { type Ears, earsFor, WITHIN } from './ears.ts';
import { type FickleBroker, startFickleBroker } from './fickle-broker.ts';

/** A gateway with four cameras, a broker and a file for its events, each of them real. */
export interface House extends Ears {
  readonly cameras: Readonly<Record<Camera, RtspCamera>>;
  readonly broker: FickleBroker;
  readonly gateway: Running;
  /** Where the file sink has its file. */
  readonly eventFolder: string;
  /** What that folder lies on, where this user may have a small disk. */
  readonly disk: SmallDisk | undefined;
  pidOf(process: 'ffmpeg' | 'engine'): number;
  close(): Promise<void>;
}

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
  const broker = await startFickleBroker();
  const config = join(folder, 'falconet.yaml');
  writeFileSync(config, configuration({ cameras, broker, eventFolder }));
  const gateway = spawnFalconet(['run', config, '--json']);
  const house: House = {
    ...earsFor({ gateway, messages: broker.messages, folder: home }),
    ...{ cameras, broker, gateway, eventFolder, disk },
    pidOf(process) {
      const pid = process === 'ffmpeg' ? ffmpegOf(gateway.pid, FPS[VICTIM]) : engineOf(gateway.pid);
      if (pid === undefined) throw new Error(`expected a process of the ${process}`);
      return pid;
    },
    async close() {
      gateway.kill('SIGKILL');
      await gateway.finished;
      await Promise.all([broker.close(), ...Object.values(cameras).map((camera) => camera.close())]);
      disk?.remove();
      rmSync(folder, { recursive: true });
    },
  };
  await vi
    .waitFor(() => expectEvents(house), WITHIN)
    .catch(async (error: unknown) => {
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

function configuration({
  cameras,
  broker,
  eventFolder,
}: Pick<House, 'cameras' | 'broker' | 'eventFolder'>): string {
  const settings = {
    mqtt: { url: broker.url },
    model: { processes: 1 },
    cameras: byCamera((camera) => ({
      source: cameras[camera].url,
      ...{ username: USER, password: PASSWORD, fps: FPS[camera], labels: { person: {} } },
    })),
    sinks: [{ type: 'mqtt' }, { type: 'file', path: join(eventFolder, 'events.jsonl') }],
  };
  return JSON.stringify(settings); // which is YAML too
}

function expectEvents({ published }: House): void {
  const seen = new Set<string>(published().map(({ camera }) => camera));
  const missing = CAMERAS.filter((camera) => !seen.has(camera));
  if (missing.length > 0) throw new Error(`expected events of ${missing.join(', ')}`);
}

function engineOf(gateway: number): number | undefined {
  const isEngine = (words: readonly string[]): boolean => words.join(' ').includes('engine-process');
  return processesBelow(gateway)?.find(({ commandLine }) => isEngine(commandLine))?.pid;
}
