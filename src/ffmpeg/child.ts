import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { pipeline, Readable } from 'node:stream';
import { FalconetError } from '../core/error.ts';
import { redact } from '../core/redact.ts';
import type { Command } from './command-line.ts';
import { environment } from './environment.ts';

export interface ChildOptions {
  /** The binary. */
  readonly path: string;
  readonly command: Command;
  /** Values that must not leave with its messages. */
  readonly secrets: Iterable<string>;
  /** It gives way to all that is looked at now. @default false */
  readonly inBackground?: boolean;
}

/** How a child ended: by itself, or by the signal named. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of its stderr, without secrets. */
  readonly stderr: string;
}

export interface Child {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  /**
   * Settles when it is gone and its output is read or destroyed.
   *
   * @throws SOURCE_SPAWN when it never started.
   */
  readonly ended: Promise<ChildExit>;
  /** Ends it: stdout destroyed, SIGTERM, SIGKILL after 2 s. Idempotent, never rejects; settles once it is gone. */
  close(): Promise<void>;
}

const KILL_AFTER_MS = 2_000;
/** Enough for the last 20 lines or so that ffmpeg says. */
const STDERR_CHARACTERS = 4_096;

/** Starts a child that reads `command.stdin` and writes to `stdout`. Use it through a `Children`. */
export function startChild({ path, command, secrets, inBackground = false }: ChildOptions): Child {
  const child = spawn(path, command.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
    detached: inBackground && process.platform !== 'win32', // a terminal's Ctrl-C is not for it: it may finish
  });
  let said = '';
  const ended = new Promise<ChildExit>((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(path, cause)));
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stderr: redact(said.trim(), secrets) });
    });
  });
  // A process that may open no more files gets no pipes: then there is the error, and nothing else.
  const { stdin, stdout = Readable.from([]), stderr } = child as Partial<typeof child>;
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = lastLines(said + text);
  });
  if (inBackground) stepBack(child.pid);
  stdin?.on('error', () => {}); // it ended before it read its script: its exit says more
  if (stdin && command.stdin instanceof Readable) pipeline(command.stdin, stdin, () => {});
  else stdin?.end(command.stdin ?? '');

  const gone = ended.then(
    () => {},
    () => {},
  );
  let isClosing = false;
  return {
    pid: child.pid,
    stdout,
    ended,
    close() {
      if (!isClosing) {
        isClosing = true;
        // First its pipe: ffmpeg does not hear SIGTERM while it waits to write.
        stdout.destroy();
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
        void gone.finally(() => clearTimeout(timer));
      }
      return gone;
    },
  };
}

/** Missing, or there was no room for it: files, processes, memory. */
function notStarted(path: string, cause: NodeJS.ErrnoException): FalconetError {
  const isMissing = cause.code === 'ENOENT' || cause.code === 'EACCES';
  return new FalconetError('SOURCE_SPAWN', `${path} did not start: ${cause.message}`, {
    cause,
    hint: isMissing
      ? `Check that ${path} is an ffmpeg that runs`
      : 'See how many files and processes this user may have (ulimit -n, ulimit -u)',
    facts: { reason: isMissing ? 'ffmpeg-missing' : 'ffmpeg-failed' },
  });
}

function stepBack(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system has no such thing: it runs as it is.
  }
}

/** Whole lines only: of a cut one, redact() would not see what is secret in it. */
function lastLines(text: string): string {
  if (text.length <= STDERR_CHARACTERS) return text;
  const tail = text.slice(-STDERR_CHARACTERS);
  return tail.slice(tail.indexOf('\n') + 1 || tail.length);
}
