import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemoBroker } from '../../src/cli/demo-broker.ts';
import type { FrameTotals } from '../../src/core/frame-totals.ts';
import { packageRoot } from '../../src/core/package-root.ts';

export interface BenchGatewayOptions {
  readonly cameras: number;
  /** Frames looked at of each camera, a second. */
  readonly fps: number;
  readonly engine: string;
  /** @default 1 */
  readonly processes?: number;
  /** Whether quiet pictures are skipped and what moves is looked at closely. @default false, each as a whole */
  readonly motion?: boolean;
  /** Video file that each camera shows, over and over. @default CLIP */
  readonly clip?: string;
  /** What `npm run build` has made, as the package has it; from the sources Node needs 60 MB more to take types away. @default false */
  readonly built?: boolean;
}

/** Frames of all cameras since their start. */
export interface FrameCount {
  readonly looked: number;
  /** Quiet ones. */
  readonly gated: number;
  /** Lost. */
  readonly dropped: number;
}

export interface BenchGateway {
  readonly pid: number;
  /** What its cameras' states say of now. */
  frames(): Promise<FrameCount>;
  /** How much longer than an idle process's the event loop's delay is over so many ms, at the 99th percentile, ms. */
  loopMs(ms: number): Promise<number>;
  close(): Promise<void>;
}

/** 640x360 in H.264, 10 pictures a second. */
export const CLIP = join(packageRoot, 'examples/media/demo.mp4');
/** Of all contenders, so that they can be compared on any CPU. */
export const PRECISION = 'fp32';

/**
 * `falconet run` in a process of its own: the clip as so many cameras, events and pictures to a file and to a broker
 * in this process. Settles once all cameras are online. It ends with this process.
 */
export async function startBenchGateway(options: BenchGatewayOptions): Promise<BenchGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'falconet-bench-'));
  const names = Array.from({ length: options.cameras }, (_, i) => `camera-${i + 1}`);
  const totals = onlineTotals(names.length);
  const broker = await startDemoBroker({ onMessage: totals.onMessage });
  const config = join(folder, 'falconet.yaml');
  await writeFile(config, yaml(options, names, broker.url));
  const meter = { execArgv: ['--import', new URL('./loop-delay.ts', import.meta.url).href] };
  const stdio: ['ignore', 'ignore', 'inherit', 'ipc'] = ['ignore', 'ignore', 'inherit', 'ipc'];
  const idle = fork(fileURLToPath(new URL('./idle-loop.ts', import.meta.url)), { stdio });
  const online = totals.ofAll();
  const child = fork(
    join(packageRoot, options.built ? 'dist/src/cli/main.js' : 'src/cli/main.ts'),
    ['run', config],
    { ...meter, stdio },
  );
  const ended = once(child, 'exit').then(() => {
    throw new Error('expected a gateway that runs, it ended');
  });
  ended.catch(() => {}); // close() ends it as well
  await Promise.race([online, ended]);
  return {
    pid: pidOf(child),
    async frames() {
      const all = totals.ofAll();
      child.kill('SIGHUP'); // a gateway that reads its configuration again tells its states again
      const told = await Promise.race([all, ended]);
      const unseen = sum(told.map((frames) => sum(Object.values(frames.dropped))));
      const gated = sum(told.map(({ dropped }) => dropped.gated ?? 0));
      return { looked: sum(told.map(({ looked }) => looked)), gated, dropped: unseen - gated };
    },
    async loopMs(ms) {
      const [own, machine] = await Promise.all([askDelay(child, ms), askDelay(idle, ms)]);
      return Math.max(0, own - machine);
    },
    async close() {
      idle.disconnect();
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await broker.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the states of so many cameras say on MQTT. */
function onlineTotals(cameras: number) {
  const states = new Map<string, FrameTotals>();
  let tell = (_all: readonly FrameTotals[]): void => {};
  return {
    onMessage(topic: string, payload: Buffer): void {
      const camera = /\/camera\/([^/]+)\/state$/.exec(topic)?.[1];
      if (camera === undefined) return;
      const { state, frames } = JSON.parse(payload.toString()) as { state: string; frames: FrameTotals };
      if (state === 'online') states.set(camera, frames);
      if (states.size === cameras) tell([...states.values()]);
    },
    /** Once each camera has told, from now on, that it is online. */
    ofAll(): Promise<readonly FrameTotals[]> {
      states.clear();
      return new Promise((resolve) => {
        tell = resolve;
      });
    },
  };
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected a process to start');
  return pid;
}

function yaml(options: BenchGatewayOptions, names: readonly string[], url: string): string {
  const { engine, processes = 1, fps, motion = false, clip = CLIP } = options;
  const camera = { source: clip, loop: true, fps, motion: { enabled: motion } };
  return JSON.stringify({
    mqtt: { url },
    model: { engine, precision: PRECISION, processes },
    sinks: [{ type: 'mqtt' }, { type: 'file', path: 'events.jsonl', images: true }],
    cameras: Object.fromEntries(names.map((name) => [name, camera])),
    log: { level: 'warn' },
  });
}

async function askDelay(child: ChildProcess, ms: number): Promise<number> {
  child.send(ms);
  const [p99] = await once(child, 'message');
  return p99 as number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
