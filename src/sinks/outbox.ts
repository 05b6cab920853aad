import type { Log } from '../core/log.ts';
import { eventSchema } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';
import type { ShedLives, Waiting } from './backlog.ts';
import { eventJson } from './store/event-json.ts';
import type { Entry, Kept } from './store/messages.ts';
import { parsed } from './store/parsed.ts';
import type { Store } from './store/store.ts';

/** A delivery that a sink does not have yet. */
export interface Held extends Waiting {
  /** Of all that one sink is to get the later one has the greater key, over restarts too. */
  readonly key: string;
  /** Settles once it is on disk, or the disk has turned out not to take it; in the order of the keys. Never rejects. */
  readonly kept: Promise<void>;
}

/** What one sink does not have yet. */
export interface Outbox {
  /** Whether what it holds outlives the process. */
  readonly isLasting: boolean;
  /** Lives that the sink hears no more of, known as long as what it holds. */
  readonly shed: ShedLives;
  /**
   * What others before held for this sink and did not release, oldest first.
   *
   * @param withPictures - whether pictures were held too: an event whose own is gone then says `image: null`
   */
  left(withPictures: boolean): Held[];
  hold(delivery: Delivery): Held;
  /** The sink has them, or they were given up. */
  release(held: readonly Held[]): void;
}

const OUTBOX = 'outbox';
const SHED = 'shed';
/** Of a number: enough for 300 years. */
const DIGITS = 16;

export interface OutboxesOptions {
  readonly log: Log;
  /** How long something may wait for a sink that nobody asks for any more, ms. @default 86_400_000, a day */
  readonly maxAgeMs?: number;
}

/** By then every sink of a configuration has asked for its outbox, and every life of a run before is ended. */
const ALL_ASKED_MS = 10_000;

/**
 * The outboxes of a store, by sink. A delivery that is held is on disk, event and picture, before it is sent, and goes
 * when it is released: a commit of many, or of one where there is little to do. What waits for a sink that is not
 * configured any more goes when it is too old, and is told. So does, untold, what is known of lives whose end never came.
 */
export function outboxesIn(store: Store, options: OutboxesOptions): (sink: string) => Outbox {
  const { log, maxAgeMs = 86_400_000 } = options;
  const number = numbersAfter([...store.all(OUTBOX).keys()].map(numberOf));
  const asked = new Set<string>();
  const shedBefore = [...store.all(SHED).values()];
  setTimeout(() => {
    store.later(shedBefore.map(gone(SHED)));
    const rows = [...store.all(OUTBOX).values()];
    const old = rows.filter(({ key }) => !asked.has(sinkOf(key)) && ageOf(key) > maxAgeMs);
    if (old.length === 0) return;
    log.warn({ events: old.length }, 'events that waited for sinks which are configured no more are dropped');
    store.later(old.map(gone(OUTBOX)));
  }, ALL_ASKED_MS).unref();
  return (sink) => {
    asked.add(sink);
    return outboxOf(sink, { store, number, log });
  };
}

function outboxOf(
  sink: string,
  { store, number, log }: { readonly store: Store; readonly number: () => string; readonly log: Log },
): Outbox {
  const own = new Set<string>();
  let written: Promise<unknown> = Promise.resolve();
  let kept = Promise.resolve();
  const keyOf = (id: string): string => `${sink} ${id}`;
  return {
    isLasting: true,
    shed: {
      has: (id) => store.all(SHED).has(keyOf(id)),
      add: (id) => store.later([{ kind: SHED, key: keyOf(id), value: '' }]),
      delete: (id) => store.later([{ kind: SHED, key: keyOf(id), value: null }]),
    },
    left(withPictures) {
      const all = [...store.all(OUTBOX).values()];
      const rows = all.filter(({ key }) => sinkOf(key) === sink && !own.has(key));
      const held = rows.map((row) => read(row, withPictures)).filter((found) => found !== undefined);
      const unread = rows.length - held.length;
      if (unread > 0) {
        log.warn({ sink, unread }, `${sink}: what another version left cannot be read, and goes`);
        const keys = new Set(held.map(({ key }) => key));
        store.later(rows.filter(({ key }) => !keys.has(key)).map(gone(OUTBOX)));
      }
      return held.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    hold(delivery) {
      const key = `${sink} ${number()}`;
      own.add(key);
      const before = written;
      written = store.put([rowOf(key, delivery)]);
      // One that waits for a slow disk is not overtaken; and without a value, or each would hold all before it.
      if (written !== before) kept = Promise.all([kept, written]).then(() => {});
      return { ...delivery, key, kept, since: performance.now() };
    },
    release(held) {
      for (const { key } of held) own.delete(key);
      store.later(held.map(gone(OUTBOX)));
    },
  };
}

/** An outbox in memory: what it holds goes with the process. */
export function passingOutbox(): Outbox {
  const number = numbersAfter([]);
  const kept = Promise.resolve();
  return {
    isLasting: false,
    shed: new Set<string>(),
    left: () => [],
    hold: (delivery) => ({ ...delivery, key: number(), kept, since: performance.now() }),
    release() {},
  };
}

function rowOf(key: string, { event, image }: Delivery): Entry {
  return { kind: OUTBOX, key, value: eventJson(event), ...(image !== undefined && { bytes: image }) };
}

/** Undefined where another version of Falconet wrote it in a way that this one cannot read. */
function read({ key, value, bytes }: Kept, withPictures: boolean): Held | undefined {
  const { success, data: event } = eventSchema.safeParse(parsed(value));
  if (!success) return undefined;
  const held = { key, kept: Promise.resolve(), since: performance.now() - ageOf(key) };
  if (bytes !== undefined) return { ...held, event, image: bytes };
  return { ...held, event: withPictures ? { ...event, image: null } : event };
}

function gone(kind: string): (entry: Pick<Entry, 'key'>) => Entry {
  return ({ key }) => ({ kind, key, value: null });
}

/**
 * The time, microseconds since 1970, as texts that sort like it: each greater than those before, also of runs before and
 * where the clock is set back.
 */
function numbersAfter(before: readonly number[]): () => string {
  let last = before.reduce((most, some) => Math.max(most, some), 0);
  return () => {
    last = Math.max(last + 1, Date.now() * 1_000);
    return String(last).padStart(DIGITS, '0');
  };
}

function numberOf(key: string): number {
  return Number(key.slice(-DIGITS));
}

/** How long it has waited, ms, by the system's clock. */
function ageOf(key: string): number {
  return Math.max(0, Date.now() - numberOf(key) / 1_000);
}

function sinkOf(key: string): string {
  return key.slice(0, -DIGITS - 1);
}
