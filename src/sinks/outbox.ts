import type { Log } from '../core/log.ts';
import { eventSchema } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';
import type { Waiting } from './backlog.ts';
import { eventJson } from './store/event-json.ts';
import type { Entry, Kept } from './store/messages.ts';
import { parsed } from './store/parsed.ts';
import type { Store } from './store/store.ts';

/** A delivery that a sink does not have yet. */
export interface Held extends Waiting {
  /** Of all that one sink is to get the later one has the greater key, over restarts too. */
  readonly key: string;
  /** Settles once it is on disk, or the disk has turned out not to take it; in the order of the keys. Never rejects. */
  readonly kept: Promise<unknown>;
}

/** What one sink does not have yet. */
export interface Outbox {
  /** Whether what it holds outlives the process. */
  readonly isLasting: boolean;
  /** What others before held for this sink and did not release, oldest first. */
  left(): Held[];
  hold(delivery: Delivery): Held;
  /** The sink has them, or they were given up. */
  release(held: readonly Held[]): void;
}

const OUTBOX = 'outbox';
/** Of microseconds since 1970: enough for 300 years. */
const DIGITS = 16;

/**
 * The outboxes of a store, by sink. A delivery that is held is on disk, event and picture, before it is sent, and goes
 * when it is released: a commit of many, or of one where there is little to do.
 */
export function outboxesIn(store: Store, { log }: { readonly log: Log }): (sink: string) => Outbox {
  const number = numbersAfter([...store.all(OUTBOX).keys()].map(numberOf));
  return (sink) => {
    const own = new Set<string>();
    let written: Promise<unknown> = Promise.resolve();
    let kept = written;
    return {
      isLasting: true,
      left() {
        const rows = [...store.all(OUTBOX).values()].filter(
          ({ key }) => sinkOf(key) === sink && !own.has(key),
        );
        const held = rows.map(read).filter((found) => found !== undefined);
        const unread = rows.length - held.length;
        if (unread > 0) {
          log.warn({ sink, unread }, `${sink}: what another version left cannot be read, and goes`);
          store.later(rows.filter((row) => read(row) === undefined).map(gone));
        }
        return held.toSorted((a, b) => (a.key < b.key ? -1 : 1));
      },
      hold(delivery) {
        const key = `${sink} ${number()}`;
        own.add(key);
        const before = written;
        written = store.put([rowOf(key, delivery)]);
        if (written !== before) kept = Promise.all([kept, written]); // one that waits for a slow disk is not overtaken
        return { ...delivery, key, kept, since: performance.now() };
      },
      release(held) {
        for (const { key } of held) own.delete(key);
        store.later(held.map(gone));
      },
    };
  };
}

/** An outbox in memory: what it holds goes with the process. */
export function passingOutbox(): Outbox {
  const number = numbersAfter([]);
  const kept = Promise.resolve();
  return {
    isLasting: false,
    left: () => [],
    hold: (delivery) => ({ ...delivery, key: number(), kept, since: performance.now() }),
    release() {},
  };
}

function rowOf(key: string, { event, image }: Delivery): Entry {
  return { kind: OUTBOX, key, value: eventJson(event), ...(image !== undefined && { bytes: image }) };
}

/** Undefined where another version of Falconet wrote it in a way that this one cannot read. */
function read({ key, value, bytes }: Kept): Held | undefined {
  const { success, data: event } = eventSchema.safeParse(parsed(value));
  if (!success) return undefined;
  const age = Math.max(0, Date.now() - numberOf(key) / 1_000);
  const held = { key, kept: Promise.resolve(), since: performance.now() - age };
  if (bytes === undefined) return { ...held, event: { ...event, image: null } };
  return { ...held, event, image: bytes };
}

function gone({ key }: { readonly key: string }): Entry {
  return { kind: OUTBOX, key, value: null };
}

/** Ascending numbers as texts that sort like them; greater than those before, and than those of runs before. */
function numbersAfter(before: readonly number[]): () => string {
  let next = before.reduce((most, some) => Math.max(most, some + 1), Date.now() * 1_000);
  return () => String(next++).padStart(DIGITS, '0');
}

function numberOf(key: string): number {
  return Number(key.slice(-DIGITS));
}

function sinkOf(key: string): string {
  return key.slice(0, -DIGITS - 1);
}
