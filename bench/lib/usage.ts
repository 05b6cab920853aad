import { readFileSync } from 'node:fs';
import { type ProcessInfo, processesBelow } from '../../test/helpers/processes.ts';

/** The processes of a gateway by what they are for. */
export interface Share {
  readonly gateway: number;
  readonly engines: number;
  readonly ffmpeg: number;
}

/** What a gateway and the processes below it hold and have used. Linux only. */
export interface Usage {
  /** Resident memory, MB. Shared pages count in each process that has them. */
  readonly residentMb: Share;
  /** Processor time, ms. */
  readonly cpuMs: Share;
}

/** USER_HZ: what proc_pid_stat(5) counts in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export function usageOf(gateway: number): Usage {
  const below = processesBelow(gateway);
  if (below === undefined) throw new Error('expected /proc, which Linux alone has');
  const shareOf = (read: (pid: number) => number): Share => {
    const sum = (kind: keyof Share): number =>
      below.reduce((total, child) => total + (kindOf(child) === kind ? read(child.pid) : 0), 0);
    return { gateway: read(gateway) + sum('gateway'), engines: sum('engines'), ffmpeg: sum('ffmpeg') };
  };
  return { residentMb: shareOf(residentMb), cpuMs: shareOf(cpuMs) };
}

/** ms of processor time in a second, between two readings so many ms apart. */
export function cpuPerSecond(before: Usage, after: Usage, ms: number): Share {
  const rate = (kind: keyof Share): number => ((after.cpuMs[kind] - before.cpuMs[kind]) / ms) * 1_000;
  return { gateway: rate('gateway'), engines: rate('engines'), ffmpeg: rate('ffmpeg') };
}

export function total({ gateway, engines, ffmpeg }: Share): number {
  return gateway + engines + ffmpeg;
}

/** Of one process, without those below it; 0 when it has ended. */
export function cpuMs(pid: number): number {
  const stat = read(pid, 'stat');
  // The name in brackets may hold blanks; after it, utime and stime are the 12th and 13th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND) * 1_000;
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1] ?? 0;
  return Number(kb) / 1_024;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended after it was listed
  }
}

function kindOf({ commandLine }: ProcessInfo): keyof Share {
  if (commandLine[0]?.endsWith('ffmpeg') === true) return 'ffmpeg';
  return commandLine.some((word) => word.includes('engine-process')) ? 'engines' : 'gateway';
}
