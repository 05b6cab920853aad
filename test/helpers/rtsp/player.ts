import type { AccessUnit } from './annex-b.ts';

export interface PlayOptions {
  readonly units: readonly AccessUnit[];
  readonly fps: number;
  /** Begin again at the end. */
  readonly loop: boolean;
  /** @param n - counts up over all rounds, so that `n / fps` is the picture's time in seconds. */
  readonly onUnit: (unit: AccessUnit, n: number) => void;
  /** After the last picture's time is over; never when looping. */
  readonly onEnd: () => void;
}

/**
 * Plays a clip from its first picture on, in real time and without drift: a picture that comes late does
 * not delay the next.
 *
 * @returns stops it.
 */
export function play({ units, fps, loop, onUnit, onEnd }: PlayOptions): () => void {
  const started = performance.now();
  let n = 0;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    const unit = units[loop ? n % units.length : n];
    if (unit === undefined) {
      onEnd();
      return;
    }
    onUnit(unit, n);
    n++;
    timer = setTimeout(next, Math.max(0, started + (n * 1000) / fps - performance.now()));
  };
  timer = setTimeout(next);
  return () => clearTimeout(timer);
}
