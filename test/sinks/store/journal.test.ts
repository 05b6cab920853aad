import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import type { FalconetEvent } from '../../../src/core/schema/event.ts';
import { journalIn } from '../../../src/sinks/store/journal.ts';
import { openStore } from '../../../src/sinks/store/store.ts';
import { anEvent } from '../../helpers/events.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

async function openAt(path: string) {
  const store = await openStore({ path, log: silentLog });
  onTestFinished(() => store.close());
  return { store, journal: journalIn(store) };
}

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24) + seconds * 1_000).toISOString();
const event = (id: string, streamSeq: number, changes: Partial<FalconetEvent> = {}) =>
  anEvent({ id, stream_seq: streamSeq, time: at(streamSeq), ...changes });

test('the next start finds each open life with its last message, and counts on where the camera stopped', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  for (const [seq, id] of ['a', 'b', 'c'].entries()) first.journal.note(event(id, seq));
  first.journal.note(event('a', 3, { type: 'update', seq: 1 }));
  first.journal.note(event('b', 4, { type: 'end', seq: 1, end: at(2) }));
  first.journal.note(event('yard', 0, { camera: 'yard', run: 'k3f9' }));
  await first.store.close();

  const { journal } = await openAt(path);
  const found = journal.leftOver.map(({ last, streamSeq }) => [last.id, last.type, last.seq, streamSeq]);
  expect(found).toEqual([
    ['yard', 'new', 0, 1],
    ['c', 'new', 0, 5],
    ['a', 'update', 1, 6],
  ]);
});

test('a life that has its end is none of the journal any more, and neither does it take a number', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  first.journal.note(event('a', 0));
  first.journal.note(event('b', 1));
  first.journal.note(event('a', 2, { type: 'end', seq: 1, reason: ['lost'], end: at(2) }));
  expect([...first.store.all('life').keys()]).toEqual(['b']);
  await first.store.close();
  const { journal } = await openAt(path);
  expect(journal.leftOver.map(({ last, streamSeq }) => [last.id, streamSeq])).toEqual([['b', 3]]);
});

test('what another version wrote and this one cannot read is left out, and gone after that', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openAt(path);
  await first.store.put([
    { kind: 'life', key: 'x', value: '{"schema":"falconet/event/9"}' },
    { kind: 'life', key: 'y', value: 'not even JSON' },
  ]);
  await first.store.close();
  const second = await openAt(path);
  expect(second.journal.leftOver).toEqual([]);
  expect(second.store.all('life').size).toBe(0);
});
