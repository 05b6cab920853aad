import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EngineName, Precision } from '../../src/detector/engines/engine.ts';
import { pidOf } from './gateway.ts';

export interface BareEngineOptions {
  readonly engine: Exclude<EngineName, 'tfjs'>;
  readonly precision: Precision;
  /** Of the model. */
  readonly folder: string;
  readonly width: number;
  readonly height: number;
}

/** How long a bare engine runs, and how often: 0 for one frame right after the other. */
export interface BareRun {
  readonly ms: number;
  /** From one frame's begin to the next. */
  readonly everyMs: number;
}

/** A process that does nothing but run a model's graph on one thread. */
export interface BareEngine {
  readonly pid: number;
  /** @returns frames per second. */
  run(options: BareRun): Promise<number>;
  close(): Promise<void>;
}

export async function startBareEngine(options: BareEngineOptions): Promise<BareEngine> {
  const { engine, precision, folder, width, height } = options;
  const entry = fileURLToPath(new URL('./bare-ort.ts', import.meta.url));
  const child = fork(entry, [engine, precision, folder, String(width), String(height)]);
  await once(child, 'message');
  return {
    pid: pidOf(child),
    async run(run) {
      child.send(run);
      const [rate] = await once(child, 'message');
      return rate as number;
    },
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
