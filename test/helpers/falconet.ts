import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What came so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  readonly finished: Promise<Finished>;
}

export interface FalconetOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts the command from its sources, as `npm run falconet` does; it is killed when the test ends. */
export function startFalconet(args: readonly string[], options?: FalconetOptions): Running {
  const running = spawnFalconet(args, options);
  onTestFinished(() => running.kill('SIGKILL'));
  return running;
}

/** The same for a command that outlives a test: whoever starts it kills it. */
export function spawnFalconet(args: readonly string[], { env, cwd }: FalconetOptions = {}): Running {
  const child = spawn(process.execPath, [join(packageRoot, 'src/cli/main.ts'), ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return {
    pid: pidOf(child),
    kill: (signal) => void child.kill(signal),
    output: () => output,
    finished: once(child, 'close').then(([exitCode, signal]) => ({ exitCode, signal, ...output })),
  };
}

export function falconet(args: readonly string[], options?: FalconetOptions): Promise<Finished> {
  return startFalconet(args, options).finished;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected falconet to start');
  return pid;
}
