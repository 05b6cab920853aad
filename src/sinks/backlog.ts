import type { Delivery } from '../core/sink.ts';

/** Deliveries that wait for a sink, at most `limit` but for what must not be lost. No clock, no I/O. */
export interface Backlog {
  readonly size: number;
  /** Takes a delivery; returns what had to go for it, the delivery itself among it or not. */
  push(delivery: Delivery): Delivery[];
  /** The oldest; from here on it counts as sent. */
  shift(): Delivery | undefined;
}

/**
 * When full, the oldest `update` goes; without updates the oldest life whose `new` still waits, as a whole, what
 * comes of it later included. An `end` whose `new` was sent always stays, beyond the limit if need be: there are
 * never more of those than objects that were in sight at once.
 */
export function backlog(limit: number): Backlog {
  let waiting: Delivery[] = [];
  /** Ids of lives that went before their end came. */
  const forgotten = new Set<string>();

  function shed(): Delivery[] {
    const update = waiting.findIndex(({ event }) => event.type === 'update');
    if (update >= 0) return waiting.splice(update, 1);
    const id = waiting.find(({ event }) => event.type === 'new')?.event.id;
    if (id === undefined) return [];
    const life = waiting.filter(({ event }) => event.id === id);
    waiting = waiting.filter(({ event }) => event.id !== id);
    if (life.at(-1)?.event.type !== 'end') forgotten.add(id);
    return life;
  }

  return {
    get size() {
      return waiting.length;
    },
    push(delivery) {
      const { id, type } = delivery.event;
      if (forgotten.has(id)) {
        if (type === 'end') forgotten.delete(id);
        return [delivery];
      }
      waiting.push(delivery);
      return waiting.length > limit ? shed() : [];
    },
    shift: () => waiting.shift(),
  };
}
