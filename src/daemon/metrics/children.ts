import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** A living process that this one has started, or one of those has. */
export interface ChildFigures {
  /** Such as `ffmpeg`; an engine process is a `node`. */
  readonly program: string;
  readonly residentBytes: number;
}

interface Status {
  readonly parent: number;
  readonly name: string;
  readonly residentBytes: number;
}

interface Process extends Status {
  readonly pid: number;
}

/** All below a process, from /proc; none where there is no such folder. Never rejects. */
export async function childrenOf(pid: number): Promise<ChildFigures[]> {
  const names = await readdir('/proc').catch(() => []);
  const processes = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(processOf));
  const known = processes.filter((process) => process !== undefined);
  const below = (parent: number): Process[] =>
    known.filter((process) => process.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return Promise.all(
    below(pid).map(async (child) => ({
      program: await programOf(child),
      residentBytes: child.residentBytes,
    })),
  );
}

/**
 * What /proc/PID/status says of a process: proc_pid_status(5). It counts in kB, where `stat` counts in pages, which are
 * not everywhere of 4 kB. A process that has ended and was not waited for holds nothing.
 *
 * @returns undefined for what is no such text.
 */
export function statusIn(text: string): Status | undefined {
  const field = (key: string): string | undefined => new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(text)?.[1];
  const [name, parent, resident = '0'] = [field('Name'), field('PPid'), field('VmRSS')];
  if (name === undefined || parent === undefined) return undefined;
  return { name, parent: Number(parent), residentBytes: Number.parseInt(resident, 10) * 1_024 };
}

/** Undefined for one that is gone by now. */
async function processOf(pid: string): Promise<Process | undefined> {
  const status = statusIn(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
  return status && { pid: Number(pid), ...status };
}

/** Of its file; the name in `status` is that of its first thread, which Node calls MainThread. */
async function programOf({ pid, name }: Process): Promise<string> {
  return readlink(`/proc/${pid}/exe`).then(
    (path) => basename(path),
    () => name, // it has ended, or changed its user
  );
}
