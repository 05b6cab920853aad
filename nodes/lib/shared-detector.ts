import type { Detector } from '../../src/core/detection.ts';
import { Shared } from './shared.ts';

export interface SharedDetectorOptions {
  /** How many engine processes it will have; callers run at most twice as many pictures at once. */
  readonly processes: number;
  readonly open: () => Promise<Detector>;
}

/** One detector for all that use it. */
export class SharedDetector extends Shared<Detector> {
  readonly processes: number;

  constructor({ processes, open }: SharedDetectorOptions) {
    super(open);
    this.processes = processes;
  }

  /** One that cannot be opened: all that use it are told why. */
  static failing(reason: unknown): SharedDetector {
    return new SharedDetector({ processes: 1, open: () => Promise.reject(reason) });
  }
}
