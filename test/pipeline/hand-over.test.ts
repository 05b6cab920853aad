import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Delivery } from '../../src/core/sink.ts';
import { endLeftOver, handOver } from '../../src/pipeline/hand-over.ts';
import { outboxesIn } from '../../src/sinks/outbox.ts';
import { queued } from '../../src/sinks/queue.ts';
import { openStoreFile } from '../../src/sinks/store/file.ts';
import { journalIn } from '../../src/sinks/store/journal.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import { anEvent } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const clock = { now: () => Date.UTC(2026, 10, 25) };
const end = anEvent({ type: 'end', seq: 1, stream_seq: 1, end: anEvent().time });

/** Journal and queue as a gateway has them; `write` is what its sink does. */
async function openAt(path: string, write: (delivery: Delivery) => Promise<void>) {
  const store = await openStore({ path, log: silentLog });
  const sink = { name: 'mqtt', write, close: async () => {} };
  const queue = queued(sink, { outbox: outboxesIn(store, { log: silentLog })('mqtt'), log: silentLog });
  async function close(): Promise<void> {
    await queue.close();
    await store.close();
  }
  onTestFinished(close);
  return { store, journal: journalIn(store), sinks: [queue], queue, close };
}

test('when a sink gets an event, the disk has it as its life and for the sink, and an end as no life', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const found: unknown[] = [];
  const recipients = await openAt(path, async () => {
    const copy = join(tempFolder(), 'copy.db'); // as the process would leave it if it died now
    for (const part of ['', '-wal']) copyFileSync(path + part, copy + part);
    const file = openStoreFile(copy);
    const kinds = file.entries().map(({ kind }) => kind);
    found.push(kinds.filter((kind) => kind !== 'stream').sort());
    file.close();
  });
  handOver({ event: anEvent() }, recipients);
  await recipients.queue.drain();
  handOver({ event: end }, recipients);
  await recipients.queue.drain();
  expect(found[0]).toEqual(['life', 'outbox']);
  expect(found[1]).toContain('outbox');
  expect(found[1]).not.toContain('life');
});

test('what a broker did not get before the stop goes out after the start, with the same numbers, and no second end', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path, () => new Promise(() => {}));
  handOver({ event: anEvent() }, first);
  handOver({ event: end }, first);
  await first.close();

  const got: FalconetEvent[] = [];
  const second = await openAt(path, async ({ event }) => void got.push(event));
  expect(endLeftOver(second.journal, { ...second, clock })).toBe(0);
  await second.queue.drain();
  expect(got).toEqual([anEvent(), end]);
});

test('a life that was open is ended after what is left of it, once, whatever comes in between', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path, () => new Promise(() => {}));
  handOver({ event: anEvent() }, first);
  await first.close();
  const second = await openAt(path, () => new Promise(() => {}));
  expect(endLeftOver(second.journal, { ...second, clock })).toBe(1);
  await second.close();

  const got: FalconetEvent[] = [];
  const third = await openAt(path, async ({ event }) => void got.push(event));
  expect(endLeftOver(third.journal, { ...third, clock })).toBe(0);
  await third.queue.drain();
  expect(got.map(({ type, seq, stream_seq, reason }) => [type, seq, stream_seq, reason[0]])).toEqual([
    ['new', 0, 0, 'confirmed'],
    ['end', 1, 1, 'restart'],
  ]);
});
