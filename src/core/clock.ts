/** Where rooms that act in real time get it from; tests bring their own. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: Date.now };

/** A clock that stands still until it is told the time. */
export interface SetClock extends Clock {
  /** @param now - ms since the epoch; an earlier one than before is not taken, so that the clock never falls. */
  set(now: number): void;
}

/** The clock of a recording: its frames tell it the time, and nothing else does. */
export function setClock(start: number): SetClock {
  let latest = start;
  return {
    now: () => latest,
    set(now) {
      latest = Math.max(latest, now);
    },
  };
}

/** How fast time goes on until the system's clock has caught up: 6 minutes of an hour are won back in an hour. */
const CATCHING_UP = 0.9;

/**
 * A clock that never falls and never stands still, whatever is done to the system's. One that is set forward is
 * followed at once. After one that is set back, time goes on from where it was, a tenth slower than real time until
 * the two agree; standing still would stop all that waits for time to pass.
 *
 * @param steadyNow - ms that pass evenly, from any start. @default performance.now
 */
export function monotonic(clock: Clock = systemClock, steadyNow = () => performance.now()): Clock {
  let latest = Number.NEGATIVE_INFINITY;
  let readAt = steadyNow();
  return {
    now() {
      const at = steadyNow();
      latest = Math.max(clock.now(), latest + (at - readAt) * CATCHING_UP);
      readAt = at;
      return Math.floor(latest);
    },
  };
}
