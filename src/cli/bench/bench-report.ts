import type { Capacity, Trial } from './cameras.ts';
import type { EngineAbsent, EngineFigure } from './engines.ts';
import type { Machine } from './machine.ts';
import { showSummary } from './summary.ts';
import { LEAST_PACE } from './trial.ts';

export interface BenchReport {
  readonly machine: Machine;
  /** Name of the model. */
  readonly model: string;
  /** Whether the figures are of a short run. */
  readonly quick: boolean;
  /** One process each. */
  readonly engines: readonly (EngineFigure | EngineAbsent)[];
  /** The engine that is taken, with several processes. */
  readonly processes: readonly EngineFigure[];
  readonly capacity: Capacity & {
    /** Frames looked at of each camera, a second. */
    readonly fps: number;
    readonly engine: string;
    readonly processes: number;
    readonly ffmpeg: string;
  };
}

/** For people. */
export function benchText(report: BenchReport): string[] {
  const { machine, model, quick, engines, processes, capacity } = report;
  const { cameras, fps, trials, engine, ffmpeg } = capacity;
  const limit = trials.every(({ good }) => good) ? ', no limit found' : ' at most';
  return [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${quick ? '; quick: figures say little' : ''}`,
    '',
    `${model}, frames of 640x360: frames/s, median [its interval]`,
    ...engines.map((one) => ('fps' in one ? engineLine(one) : `  ${one.name.padEnd(8)} ${one.why}`)),
    ...processes.map(engineLine),
    '',
    `cameras of 640x360 in H.264, ${fps} frames/s each looked at, events with pictures to a file`,
    `  ${engine}, ${count(capacity.processes, 'process')}, ffmpeg ${ffmpeg}`,
    ...trials.toSorted((a, b) => a.cameras - b.cameras).map(trialLine),
    `  ${count(cameras, 'camera')}${limit}`,
  ];
}

function engineLine({ name, version, processes, fps }: EngineFigure): string {
  return `  ${name.padEnd(8)} ${showSummary(fps, 1).padEnd(22)} ${version}, ${count(processes, 'process')}`;
}

function trialLine({ cameras, good, looked, dropped, lost, pace }: Trial): string {
  const behind = pace < LEAST_PACE ? `, decoding at ${(pace * 100).toFixed(0)} % of its pace` : '';
  const verdict = good ? 'good' : 'too many';
  const share = `${(lost * 100).toFixed(1)} % of ${looked + dropped} frames dropped`;
  return `  ${String(cameras).padStart(3)}  ${verdict.padEnd(9)} ${share}${behind}`;
}

function count(number: number, noun: string): string {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`;
  return `${number} ${number === 1 ? noun : plural}`;
}
