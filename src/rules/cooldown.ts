import type { Stay } from '../core/judged.ts';

/** When the newest event of each label began in each place, ms since the epoch. */
export type Cooldowns = ReadonlyMap<string, number>;

/** An object that is, or could become, an event. */
export interface Arrival {
  readonly label: string;
  readonly stays: readonly Stay[];
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Begins the cooldown of a label where an event of it has begun: in each zone that it is in, or outside of all. So an
 * event at the gate holds back none in the garden.
 */
export function beginCooldown(cooldowns: Cooldowns, arrival: Arrival): Cooldowns {
  const next = new Map(cooldowns);
  for (const place of placesOf(arrival)) next.set(place, arrival.at);
  return next;
}

/** ms until an event may begin where the object is; 0 when it may. */
export function cooldownLeft(cooldowns: Cooldowns, arrival: Arrival, cooldownMs: number): number {
  if (cooldownMs === 0) return 0;
  const left = placesOf(arrival).map((place) => {
    const since = arrival.at - (cooldowns.get(place) ?? Number.NEGATIVE_INFINITY);
    // A time before the last event cannot be: it has no cooldown, rather than one that may last for hours.
    return since < 0 ? 0 : Math.max(0, cooldownMs - since);
  });
  return Math.min(...left);
}

function placesOf({ label, stays }: Arrival): string[] {
  const zones = stays.flatMap(({ zone, since }) => (since === undefined ? [] : `${zone}/${label}`));
  return zones.length === 0 ? [`/${label}`] : zones;
}
