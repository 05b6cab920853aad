import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import type { Delivery } from '../../src/core/sink.ts';
import { endLeftOver, handOver } from '../../src/pipeline/hand-over.ts';
import { journalIn } from '../../src/sinks/store/journal.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import { anEvent } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const end = anEvent({ type: 'end', seq: 1, stream_seq: 1, end: anEvent().time });

/** A sink whose pushes settle when the test says so. */
function outlet() {
  const got: FalconetEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const push = ({ event }: Delivery) => {
    got.push(event);
    return promise;
  };
  return { got, settle: resolve, push, state() {} };
}

async function openAt(path: string) {
  const store = await openStore({ path, log: silentLog });
  onTestFinished(() => store.close());
  return { store, journal: journalIn(store) };
}

test('a life is forgotten when every sink is done with its end, not before', async () => {
  const { store, journal } = await openAt(join(tempFolder(), 'falconet.db'));
  const sinks = [outlet(), outlet()] as const;
  await journal.note([end]);
  handOver({ event: end }, { sinks, journal });
  sinks[0].settle(true);
  await new Promise(setImmediate);
  expect([...store.all('life').keys()]).toEqual([end.id]);
  sinks[1].settle(true);
  await new Promise(setImmediate);
  expect([...store.all('life')]).toEqual([]);
});

test('an end that a broker did not get before the stop goes out after the start, with the same numbers', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  const away = outlet();
  await first.journal.note([anEvent(), end]);
  handOver({ event: end }, { sinks: [away], journal: first.journal });
  away.settle(false);
  await first.store.close();

  const second = await openAt(path);
  const back = outlet();
  const clock = { now: () => Date.UTC(2026, 10, 25) };
  expect(await endLeftOver(second.journal, { sinks: [back], clock })).toBe(1);
  expect(back.got).toEqual([end]);
  back.settle(true);
  await new Promise(setImmediate);
  expect([...second.store.all('life')]).toEqual([]);
});
