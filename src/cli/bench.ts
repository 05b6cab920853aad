import { Command, Option } from 'commander';
import { createLogger } from '../daemon/logger.ts';
import { onStopSignal } from '../daemon/signals.ts';
import type { EngineChoice } from '../detector/choose-engine.ts';
import { loadManifest, type Model } from '../detector/manifest.ts';
import { openDetector } from '../detector/pool.ts';
import { processCount } from '../detector/process-count.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';
import { type BenchReport, benchText } from './bench/bench-report.ts';
import { measureCameras } from './bench/cameras.ts';
import { type Effort, type EngineFigure, measureEngines, measureProcesses } from './bench/engines.ts';
import { thisMachine } from './bench/machine.ts';
import { type Progress, progressOn } from './progress.ts';

interface BenchOptions {
  readonly json: boolean;
  readonly quick: boolean;
  readonly model: string;
  readonly engine: EngineChoice;
}

interface Times extends Omit<Effort, 'signal'> {
  readonly settleMs: number;
  readonly trialMs: number;
}

/** Medians of five or more; the quick ones say whether it works rather than how fast. */
const FULL: Times = { rounds: 5, ms: 2_000, settleMs: 4_000, trialMs: 10_000 };
const QUICK: Times = { rounds: 1, ms: 500, settleMs: 2_000, trialMs: 3_000 };
const CAMERA_FPS = 5;

/** `falconet bench`: how fast this machine is, and how many cameras it takes. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the engines on this machine, and how many cameras it takes')
    .option('--json', 'one JSON object on stdout', false)
    .option('--quick', 'in half a minute, with figures that say little', false)
    .option('--model <model>', 'name of a model in the package, or a folder', 'tiny-ssd')
    .addOption(
      new Option('--engine <engine>', 'what computes for the cameras')
        .choices(['auto', 'onnx', 'wasm', 'tfjs'])
        .default('auto'),
    )
    .action(async (options: BenchOptions) => {
      const report = await benchUntilStopped(options);
      if (report === undefined) return;
      if (options.json) console.log(JSON.stringify(report, null, 2));
      else for (const line of benchText(report)) console.log(line);
    });
}

/** Nothing when a signal came, once all is put away. */
async function benchUntilStopped(options: BenchOptions): Promise<BenchReport | undefined> {
  const progress = progressOn(process.stderr);
  const stopping = new AbortController();
  const forget = onStopSignal(() => stopping.abort());
  try {
    return await bench(options, { progress, signal: stopping.signal });
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    process.exitCode = 1;
    return undefined;
  } finally {
    forget();
    progress.end();
  }
}

interface Surroundings {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function bench(
  { model: name, engine, quick }: BenchOptions,
  around: Surroundings,
): Promise<BenchReport> {
  const { progress, signal } = around;
  const times = { ...(quick ? QUICK : FULL), signal };
  const model = await loadManifest(name);
  progress.at('engines, one process each');
  const engines = await measureEngines(model, times);
  const taken = engines.find((one): one is EngineFigure => 'fps' in one && isWanted(one, engine));
  if (taken !== undefined) progress.at(`${taken.name}, several processes`);
  const more = taken === undefined ? [] : await measureProcesses(model, taken.name, times);
  const cameras = await capacity(model, engine, { ...around, taken, times });
  return { machine: thisMachine(), model: model.name, quick, engines, processes: more, ...cameras };
}

function isWanted({ name }: EngineFigure, engine: EngineChoice): boolean {
  return engine === 'auto' || engine === name;
}

interface CapacityOptions extends Surroundings {
  readonly taken: EngineFigure | undefined;
  readonly times: Times;
}

/** @throws ENGINE_NONE where no engine loads, or not the one asked for. */
async function capacity(
  model: Model,
  engine: EngineChoice,
  { taken, times, progress, signal }: CapacityOptions,
): Promise<Pick<BenchReport, 'capacity'>> {
  const log = createLogger({ level: 'warn' });
  const processes = processCount('auto');
  const ffmpeg = await findFfmpeg({ log });
  const detector = await openDetector({ model, engine, processes, log });
  const { settleMs, trialMs: ms } = times;
  const guess = ((taken?.fps.median ?? CAMERA_FPS) * processes) / CAMERA_FPS;
  progress.at('cameras');
  try {
    const found = await measureCameras({
      ...{ detector, ffmpeg, fps: CAMERA_FPS, guess, settleMs, ms, signal },
      onTrial: ({ cameras, good }) => progress.at(`${cameras} cameras: ${good ? 'good' : 'too many'}`),
    });
    const { version } = detector.engine;
    return { capacity: { ...found, fps: CAMERA_FPS, engine: version, processes, ffmpeg: ffmpeg.version } };
  } finally {
    await detector.close();
  }
}
