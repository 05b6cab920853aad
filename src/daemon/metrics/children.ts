import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** A living process that this one has started, or one of those has. */
export interface ChildFigures {
  /** Such as `ffmpeg`; an engine process is a `node`. */
  readonly program: string;
  readonly residentBytes: number;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly residentPages: number;
}

const PAGE_BYTES = 4_096;
/** pid, (name, which may hold blanks and brackets), state, parent, … and as the 24th the resident pages: proc(5). */
const STAT = /^(\d+) \((.*)\) \S (\d+) (.*)$/s;
const PAGES_AFTER_PARENT = 19;

/** All below a process, from /proc; none where there is no such folder. Never rejects. */
export async function childrenOf(pid: number): Promise<ChildFigures[]> {
  const names = await readdir('/proc').catch(() => []);
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(statOf));
  const known = stats.filter((stat) => stat !== undefined);
  const below = (parent: number): Stat[] =>
    known.filter((stat) => stat.parent === parent).flatMap((stat) => [stat, ...below(stat.pid)]);
  return Promise.all(
    below(pid).map(async (stat) => ({
      program: await programOf(stat),
      residentBytes: stat.residentPages * PAGE_BYTES,
    })),
  );
}

/** Undefined for one that is gone by now. */
async function statOf(pid: string): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, , name, parent, rest] = STAT.exec(text) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  const residentPages = Number(rest.split(' ')[PAGES_AFTER_PARENT]);
  return { pid: Number(pid), parent: Number(parent), name, residentPages };
}

/** Of its file; the name in `stat` is that of its first thread, which Node calls MainThread. */
async function programOf({ pid, name }: Stat): Promise<string> {
  return readlink(`/proc/${pid}/exe`).then(
    (path) => basename(path),
    () => name, // it has ended, or changed its user
  );
}
