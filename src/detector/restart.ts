/** A death older than this is forgiven. */
export const MEMORY_MS = 60_000;
const MOST_DEATHS = 5;
const FIRST_WAIT_MS = 100;

/** The deaths that still count at `now`. Times in ms, oldest first. */
export function recentDeaths(deaths: readonly number[], now: number): number[] {
  return deaths.filter((at) => now - at < MEMORY_MS);
}

/**
 * How long to wait before a process is started again, in ms: 100, twice as long after each further death
 * within a minute, and undefined after the fifth: a process that dies so often will not get better soon.
 *
 * @param deaths - how many within the last minute, the latest included.
 */
export function restartWaitMs(deaths: number): number | undefined {
  return deaths < MOST_DEATHS ? FIRST_WAIT_MS * 2 ** (deaths - 1) : undefined;
}
