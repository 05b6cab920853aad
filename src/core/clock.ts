/** Where rooms that act in real time get it from; tests bring their own. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: Date.now };

/** A clock that never falls, whatever is done to the system's. */
export function monotonic(clock: Clock = systemClock): Clock {
  let latest = Number.NEGATIVE_INFINITY;
  return {
    now() {
      latest = Math.max(latest, clock.now());
      return latest;
    },
  };
}
