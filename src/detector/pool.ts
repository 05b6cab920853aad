import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Detector } from '../core/detection.ts';
import { FalconetError } from '../core/error.ts';
import { type Log, silentLog } from '../core/log.ts';
import { redact } from '../core/redact.ts';
import { checkJobs } from './check-jobs.ts';
import { chooseEngine, type EngineChoice } from './choose-engine.ts';
import { byteDotProduct, readCpuFacts } from './cpu-features.ts';
import { type EngineChild, EngineClient, type Exit } from './engine-client.ts';
import { EnginePool } from './engine-pool.ts';
import type { EngineName, Precision } from './engines/engine.ts';
import type { Model } from './manifest.ts';
import { choosePrecision, type PrecisionChoice } from './precision.ts';

export interface DetectorOptions {
  readonly model: Model;
  /** @default 'auto', the fastest that loads */
  readonly engine?: EngineChoice;
  /** @default 'auto', int8 where that is faster */
  readonly precision?: PrecisionChoice;
  /** Each is one thread. @default 1 */
  readonly processes?: number;
  /** What a process has for the answer to a batch, in ms, besides 2 s for each square. @default 10_000 */
  readonly patienceMs?: number;
  /** Least score of a detection, 0..1, above 0. @default the model's own */
  readonly floor?: number;
  readonly log?: Log;
}

/** Loading takes under a second on a PC; a small board with a slow card takes its time. */
const START_WITHIN_MS = 60_000;
const STDERR_CHARACTERS = 2_000;

/** Next to this file, whether that is a source or was built. */
const entry = fileURLToPath(new URL(`./engine-process${extname(import.meta.url)}`, import.meta.url));

/**
 * A detector whose engine runs in child processes: what a native part does to its process, it does not do
 * to the gateway. A child that dies, or that is killed because it no longer answers, is started again, with
 * growing waits; the fifth death within a minute is followed by a minute's rest.
 *
 * A batch goes to one process, each process has at most two, and at most 64 wait; callers limit how many they
 * run, and find twice `processes` the most that helps.
 *
 * @throws ENGINE_NONE when no engine, or not the one asked for, can load the model; ENGINE_FAILED when one of
 *   several processes cannot.
 */
export async function openDetector(options: DetectorOptions): Promise<Detector> {
  const { model, engine = 'auto', precision = 'auto', processes = 1, patienceMs, log = silentLog } = options;
  const floor = String(options.floor ?? model.floor);
  if (!(Number.isInteger(processes) && processes >= 1)) {
    throw new TypeError(`expected 1 process or more, got ${processes}`);
  }
  const dotProduct = byteDotProduct(readCpuFacts());
  const hasInt8 = model.files.int8 !== undefined;
  const numbers = (name: EngineName) =>
    choosePrecision({ wanted: precision, engine: name, hasInt8, dotProduct });
  const start = (name: EngineName) => async (signal?: AbortSignal) =>
    startEngine([name, numbers(name).precision, model.folder, floor], { patienceMs, signal });

  const first = await chooseEngine({ engine, model: model.name, start: (name) => start(name)(), log });
  const { precision: taken, why } = numbers(first.engine.name);
  log.info({ precision: taken }, `${model.name} computes in ${taken}: ${why}`);
  const startAnother = start(first.engine.name);
  const clients = await fill(first.client, processes, startAnother);
  let restarts = 0;
  const restart = (signal?: AbortSignal) => {
    restarts++;
    return startAnother(signal);
  };
  const pool = new EnginePool({ clients, start: restart, log });
  return {
    model: { name: model.name, sha256: model.sha256 },
    labels: model.labels,
    engine: first.engine,
    inputSize: model.network.inputSize,
    processes,
    get restarts() {
      return restarts;
    },
    detect: async (jobs) => pool.detect(checkJobs(jobs)),
    close: () => pool.close(),
  };
}

/** All or none: where one process fails to start, the others are closed. */
async function fill(
  first: EngineClient,
  count: number,
  start: () => Promise<EngineClient>,
): Promise<EngineClient[]> {
  const started = await Promise.allSettled(Array.from({ length: count - 1 }, () => start()));
  const clients = [first, ...started.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))];
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return clients;
  await Promise.all(clients.map((client) => client.close()));
  throw failed.reason;
}

/** @param words - what engine-process.ts is told. */
async function startEngine(
  words: readonly [EngineName, Precision, folder: string, floor: string],
  { patienceMs, signal }: { patienceMs: number | undefined; signal: AbortSignal | undefined },
): Promise<EngineClient> {
  const client = new EngineClient(await spawnChild([entry, ...words]), patienceMs);
  const late = AbortSignal.timeout(START_WITHIN_MS);
  const stop = AbortSignal.any(signal === undefined ? [late] : [late, signal]);
  const end = () => void client.close();
  stop.addEventListener('abort', end);
  if (stop.aborted) end(); // while the process was started
  try {
    await client.ready;
    return client;
  } catch (cause) {
    await client.close();
    if (!late.aborted) throw cause;
    throw new FalconetError('ENGINE_FAILED', `expected to be ready within ${START_WITHIN_MS} ms`, { cause });
  } finally {
    stop.removeEventListener('abort', end);
  }
}

/** A Node process with a pipe as its file descriptor 3, once it runs. */
export async function spawnChild(args: readonly string[]): Promise<EngineChild> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // The gateway's environment may hold passwords, and an engine needs nothing of it.
    env: {},
    windowsHide: true,
  });
  await once(child, 'spawn');
  return {
    pipe: child.stdio[3] as Duplex,
    exited: exitOf(child),
    kill: (signal) => void child.kill(signal),
  };
}

function exitOf(child: ChildProcess): Promise<Exit> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  child.on('error', () => {}); // a signal that could not be sent; the exit is what counts
  return new Promise((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stderr: redact(stderr) }));
  });
}
