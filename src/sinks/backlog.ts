import type { Delivery } from '../core/sink.ts';

/** What may wait. */
export interface BacklogLimits {
  readonly deliveries: number;
  /** Of pictures and events together. */
  readonly bytes: number;
}

/** Deliveries that wait for a sink, within limits but for what must not be lost. No clock, no I/O. */
export interface Backlog {
  readonly size: number;
  readonly bytes: number;
  /** Takes a delivery; returns what had to go for it, the delivery itself among it or not. */
  push(delivery: Delivery): Delivery[];
  /** The oldest; from here on it counts as sent. */
  shift(): Delivery | undefined;
}

/** An event without its picture, as it lies in memory: about twice its JSON, which is 1 to 2 kB. */
const EVENT_BYTES = 4_000;

/**
 * When full, the oldest `update` goes; without updates the oldest life whose `new` still waits, as a whole, what
 * comes of it later included. Where bytes are short, only updates with a picture go, as the others free nothing.
 * An `end` whose `new` was sent always stays, beyond the limits if need be: there are never more of those than
 * objects that were in sight at once.
 */
export function backlog(limits: BacklogLimits): Backlog {
  let waiting: Delivery[] = [];
  let bytes = 0;
  /** Ids of lives that went before their end came. */
  const forgotten = new Set<string>();

  const isTooMany = (): boolean => waiting.length > limits.deliveries;

  function shed(): Delivery[] {
    const needsPicture = !isTooMany();
    const update = waiting.findIndex(
      ({ event, image }) => event.type === 'update' && (!needsPicture || image !== undefined),
    );
    if (update >= 0) return waiting.splice(update, 1);
    const id = waiting.find(({ event }) => event.type === 'new')?.event.id;
    if (id === undefined) return [];
    const life = waiting.filter(({ event }) => event.id === id);
    waiting = waiting.filter(({ event }) => event.id !== id);
    if (life.at(-1)?.event.type !== 'end') forgotten.add(id);
    return life;
  }

  function shedUntilItFits(): Delivery[] {
    const gone: Delivery[] = [];
    while (isTooMany() || bytes > limits.bytes) {
      const some = shed();
      if (some.length === 0) break;
      for (const delivery of some) bytes -= bytesOf(delivery);
      gone.push(...some);
    }
    return gone;
  }

  return {
    get size() {
      return waiting.length;
    },
    get bytes() {
      return bytes;
    },
    push(delivery) {
      const { id, type } = delivery.event;
      if (forgotten.has(id)) {
        if (type === 'end') forgotten.delete(id);
        return [delivery];
      }
      waiting.push(delivery);
      bytes += bytesOf(delivery);
      return shedUntilItFits();
    },
    shift() {
      const oldest = waiting.shift();
      if (oldest !== undefined) bytes -= bytesOf(oldest);
      return oldest;
    },
  };
}

function bytesOf({ image }: Delivery): number {
  return EVENT_BYTES + (image?.byteLength ?? 0);
}
