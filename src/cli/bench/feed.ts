import type { Detector } from '../../core/detection.ts';
import type { TestFrame } from './frames.ts';

export interface FeedOptions {
  readonly ms: number;
  /** Batches of one frame under way all the time. @default 2, one of which travels while the other is looked at */
  readonly lanes?: number;
}

export interface Fed {
  /** Frames per second. */
  readonly fps: number;
  /** Processor time of this process, not of the engines'. */
  readonly cpuMsPerFrame: number;
}

/** Gives a detector as many frames as it takes. */
export async function feed(
  detector: Detector,
  frames: readonly TestFrame[],
  { ms, lanes = 2 }: FeedOptions,
): Promise<Fed> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let count = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - begin < ms) {
      const frame = frames[count++ % frames.length];
      if (frame !== undefined) await detector.detect([{ frame }]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begin) / 1_000;
  return { fps: count / seconds, cpuMsPerFrame: (user + system) / 1_000 / count };
}
