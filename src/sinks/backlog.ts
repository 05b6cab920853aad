import type { Delivery } from '../core/sink.ts';

/** What may wait. */
export interface BacklogLimits {
  readonly deliveries: number;
  /** Of pictures and events together. */
  readonly bytes: number;
}

/** A delivery that is to be sent. */
export interface Waiting extends Delivery {
  /** When its waiting began: ms that pass evenly, from any start. */
  readonly since: number;
}

/** Ids of lives that went as a whole before their end came. */
export interface ShedLives {
  has(id: string): boolean;
  add(id: string): void;
  delete(id: string): void;
}

/** Deliveries that wait for a sink, within limits but for what must not be lost. No clock, no I/O. */
export interface Backlog<Item extends Waiting> {
  readonly size: number;
  readonly bytes: number;
  /** Takes a delivery; returns what had to go for it, the delivery itself among it or not. */
  push(delivery: Item): Item[];
  /** Puts what is older before all that waits; returns what had to go for it. */
  pushFirst(older: readonly Item[]): Item[];
  /** The oldest; from here on it counts as sent. */
  shift(): Item | undefined;
  /** Takes out, and returns, what waits since before then. */
  expire(before: number): Item[];
}

/** An event without its picture, as it lies in memory: about twice its JSON, which is 1 to 2 kB. */
const EVENT_BYTES = 4_000;

/**
 * When full, the oldest `update` goes; without updates the oldest life whose `new` still waits, as a whole, what
 * comes of it later included. Where bytes are short, only updates with a picture go, as the others free nothing.
 * What is too old goes by the same rule: updates, and lives whose `new` is too old and still waits.
 * An `end` whose `new` was sent always stays, beyond the limits if need be: there are never more of those than
 * objects that were in sight at once.
 *
 * @param shedLives - those that went before, and from here on. @default none yet
 */
export function backlog<Item extends Waiting>(
  limits: BacklogLimits,
  shedLives: ShedLives = new Set<string>(),
): Backlog<Item> {
  let waiting: Item[] = [];
  let bytes = 0;

  const isTooMany = (): boolean => waiting.length > limits.deliveries;

  function take(isGone: (item: Item) => boolean): Item[] {
    const gone = waiting.filter(isGone);
    waiting = waiting.filter((item) => !isGone(item));
    for (const item of gone) bytes -= bytesOf(item);
    return gone;
  }

  function takeLives(ids: ReadonlySet<string>): Item[] {
    const gone = take(({ event }) => ids.has(event.id));
    const ended = new Set(gone.filter(({ event }) => event.type === 'end').map(({ event }) => event.id));
    for (const id of ids) if (!ended.has(id)) shedLives.add(id);
    return gone;
  }

  function shed(): Item[] {
    const needsPicture = !isTooMany();
    const update = waiting.findIndex(
      ({ event, image }) => event.type === 'update' && (!needsPicture || image !== undefined),
    );
    if (update >= 0) {
      const gone = waiting.splice(update, 1);
      for (const item of gone) bytes -= bytesOf(item);
      return gone;
    }
    const id = waiting.find(({ event }) => event.type === 'new')?.event.id;
    return id === undefined ? [] : takeLives(new Set([id]));
  }

  function shedUntilItFits(): Item[] {
    const gone: Item[] = [];
    while (isTooMany() || bytes > limits.bytes) {
      const some = shed();
      if (some.length === 0) break;
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
      if (shedLives.has(id)) {
        if (type === 'end') shedLives.delete(id);
        return [delivery];
      }
      waiting.push(delivery);
      bytes += bytesOf(delivery);
      return shedUntilItFits();
    },
    pushFirst(older) {
      waiting = [...older, ...waiting];
      for (const item of older) bytes += bytesOf(item);
      return shedUntilItFits();
    },
    shift() {
      const oldest = waiting.shift();
      if (oldest !== undefined) bytes -= bytesOf(oldest);
      return oldest;
    },
    expire(before) {
      const old = waiting.filter(({ since }) => since < before);
      const begun = old.filter(({ event }) => event.type === 'new');
      const gone = takeLives(new Set(begun.map(({ event }) => event.id)));
      return [...gone, ...take(({ event, since }) => event.type === 'update' && since < before)];
    },
  };
}

function bytesOf({ image }: Delivery): number {
  return EVENT_BYTES + (image?.byteLength ?? 0);
}
