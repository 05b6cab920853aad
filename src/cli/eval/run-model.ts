import { onStopSignal } from '../../daemon/signals.ts';
import type { EngineChoice } from '../../detector/choose-engine.ts';
import type { Model } from '../../detector/manifest.ts';
import { openDetector } from '../../detector/pool.ts';
import type { PrecisionChoice } from '../../detector/precision.ts';
import { processCount } from '../../detector/process-count.ts';
import type { Faults } from '../../eval/faults.ts';
import type { Judged, Truth } from '../../eval/truth.ts';
import { progressOn } from '../progress.ts';
import { lookAtPictures } from './look.ts';

export interface RunOptions {
  readonly model: Model;
  readonly engine: EngineChoice;
  readonly precision: PrecisionChoice;
  readonly truths: readonly Truth[];
  readonly faults: Faults;
}

export interface Run {
  readonly judged: readonly Judged[];
  /** Which engine ran, with its version. */
  readonly engine: string;
}

/** Least score that is judged: a curve needs more of its low end than a gateway does (SSD, arXiv 1512.02325, 3). */
export const FLOOR = 0.01;

/** What the model finds in the pictures; undefined when a signal came, once all is put away. */
export async function runModel(options: RunOptions): Promise<Run | undefined> {
  const { model, engine, precision, truths, faults } = options;
  const progress = progressOn(process.stderr);
  const stopping = new AbortController();
  const forget = onStopSignal(() => stopping.abort());
  const detector = await openDetector({
    model,
    engine,
    precision,
    processes: processCount('auto'),
    floor: FLOOR,
  });
  const onDone = (count: number): void => progress.at(`${count} of ${truths.length} pictures`);
  try {
    const judged = await lookAtPictures({ detector, truths, faults, onDone, signal: stopping.signal });
    return { judged, engine: detector.engine.version };
  } catch (error) {
    if (stopping.signal.aborted) return undefined;
    throw error;
  } finally {
    forget();
    progress.end();
    await detector.close();
  }
}
