import { type Observable, timer } from 'rxjs';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** So much of a wait is added to it by chance at most, so that cameras lost together do not come back together. */
const JITTER = 0.25;

/**
 * A delay for rxjs' `retry`: `firstMs` before the first, twice as long each time up to `mostMs`, and up to a quarter
 * more by chance.
 */
export function backoff(options: BackoffOptions): (error: unknown, retryCount: number) => Observable<0> {
  return (_error, retryCount) => timer(backoffMs(retryCount, options));
}

/** @param retryCount - from 1. */
export function backoffMs(
  retryCount: number,
  { firstMs, mostMs, random = Math.random }: BackoffOptions,
): number {
  const wait = Math.min(mostMs, firstMs * 2 ** (retryCount - 1));
  return wait * (1 + JITTER * random());
}
