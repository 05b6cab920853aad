import { availableParallelism } from 'node:os';
import type { EngineName } from '../../detector/engines/engine.ts';
import type { Model } from '../../detector/manifest.ts';
import { openDetector } from '../../detector/pool.ts';
import { type EngineReport, surveyEngines } from '../../detector/survey-engines.ts';
import { feed } from './feed.ts';
import { testFrames } from './frames.ts';
import { type Summary, summarise } from './summary.ts';

export interface Effort {
  /** Figures that a median is taken of. */
  readonly rounds: number;
  /** Of one round. */
  readonly ms: number;
  /** Ends it between two rounds. */
  readonly signal: AbortSignal;
}

export interface EngineFigure {
  readonly name: EngineName;
  readonly version: string;
  readonly processes: number;
  /** Frames per second. */
  readonly fps: Summary;
}

/** Why there is no figure of an engine. */
export type EngineAbsent = Extract<EngineReport, { loads: false }>;

const WIDTH = 640;
const HEIGHT = 360;

/** Frames/s of each engine with one process, fastest first as `auto` has them; why not, of one that does not load. */
export async function measureEngines(model: Model, effort: Effort): Promise<(EngineFigure | EngineAbsent)[]> {
  const results: (EngineFigure | EngineAbsent)[] = [];
  for (const report of await surveyEngines(model)) {
    results.push(report.loads ? await measure(model, report.name, 1, effort) : report);
  }
  return results;
}

/** Frames/s of an engine with 2, 4, 8 … processes, up to one for each core. */
export async function measureProcesses(
  model: Model,
  name: EngineName,
  effort: Effort,
): Promise<EngineFigure[]> {
  const cores = availableParallelism();
  const figures: EngineFigure[] = [];
  for (let processes = 2; processes < 2 * cores; processes *= 2) {
    figures.push(await measure(model, name, Math.min(processes, cores), effort));
  }
  return figures;
}

async function measure(
  model: Model,
  engine: EngineName,
  processes: number,
  { rounds, ms, signal }: Effort,
): Promise<EngineFigure> {
  const detector = await openDetector({ model, engine, processes });
  try {
    const frames = testFrames(WIDTH, HEIGHT);
    const round = async (): Promise<number> => {
      signal.throwIfAborted();
      return (await feed(detector, frames, { ms, lanes: 2 * processes })).fps;
    };
    await round(); // caches and processors warm up
    const figures: number[] = [];
    while (figures.length < rounds) figures.push(await round());
    return { name: engine, version: detector.engine.version, processes, fps: summarise(figures) };
  } finally {
    await detector.close();
  }
}
