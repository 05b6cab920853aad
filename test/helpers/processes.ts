import { readdirSync, readFileSync } from 'node:fs';

/** A process as the system shows it to its neighbours: what `ps` prints must hold no secret. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Empty for a process that has ended and was not waited for. */
  readonly commandLine: readonly string[];
  /** `NAME=value` lines; empty when they are not ours to read. */
  readonly environment: readonly string[];
}

/**
 * Every process below `pid`, children before their own children.
 *
 * @returns undefined where there is no /proc, so that a test can skip and say why.
 */
export function processesBelow(pid: number = process.pid): ProcessInfo[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => inspect(Number(name)))
    .filter((info) => info !== undefined);
  const below: ProcessInfo[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter((info) => parents.has(info.parent));
    below.push(...children);
    parents = new Set(children.map((info) => info.pid));
  }
  return below;
}

/**
 * pid of the ffmpeg below `gateway` that looks at so many pictures a second: a camera's address is in no command line,
 * so its rate tells it from the others.
 */
export function ffmpegOf(gateway: number, fps: number): number | undefined {
  const grid = new RegExp(`floor\\(t\\*${fps}\\+`);
  return processesBelow(gateway)?.find(({ commandLine }) => grid.test(commandLine.join(' ')))?.pid;
}

function inspect(pid: number): ProcessInfo | undefined {
  const stat = read(pid, 'stat');
  if (stat === undefined) return undefined;
  // proc_pid_stat(5): "pid (name) state ppid ...", and a name may hold brackets and blanks.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2]);
  return { pid, parent, commandLine: list(pid, 'cmdline'), environment: list(pid, 'environ') };
}

function list(pid: number, file: string): string[] {
  return (read(pid, file) ?? '').split('\0').filter((entry) => entry !== '');
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined; // it ended meanwhile, or belongs to someone else
  }
}
