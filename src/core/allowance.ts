export interface AllowanceOptions {
  /** So many at once. */
  readonly burst: number;
  /** So many more for each second that passes. */
  readonly perSecond: number;
  /** ms, from any start. @default performance.now */
  readonly now?: () => number;
}

/** A token bucket: whether one more is within bounds now. */
export function allowance({
  burst,
  perSecond,
  now = () => performance.now(),
}: AllowanceOptions): () => boolean {
  let left = burst;
  let at = now();
  return () => {
    const passed = now() - at;
    at += passed;
    left = Math.min(burst, left + (passed / 1000) * perSecond);
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
