import { readFileSync } from 'node:fs';
import { processesBelow } from '../../test/helpers/processes.ts';

/** What a process and those below it hold and have used. Linux only. */
export interface Usage {
  /** Resident memory of all but ffmpeg, MB. Shared pages count in each process that has them. */
  readonly residentMb: number;
  /** Processor time of all, ms. */
  readonly cpuMs: number;
}

/** USER_HZ: what proc_pid_stat(5) counts in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export function usageOf(pid: number): Usage {
  const below = processesBelow(pid);
  if (below === undefined) throw new Error('expected /proc, which Linux alone has');
  const isFfmpeg = (command: readonly string[]): boolean => command[0]?.endsWith('ffmpeg') === true;
  const ours = [pid, ...below.filter(({ commandLine }) => !isFfmpeg(commandLine)).map((child) => child.pid)];
  const all = [pid, ...below.map((child) => child.pid)];
  return {
    residentMb: sum(ours.map(residentKb)) / 1_024,
    cpuMs: (sum(all.map(ticks)) / TICKS_PER_SECOND) * 1_000,
  };
}

function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

function ticks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; after it, utime and stime are the 12th and 13th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
