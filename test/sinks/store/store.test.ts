import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStoreFile } from '../../../src/sinks/store/file.ts';
import type { Answer } from '../../../src/sinks/store/messages.ts';
import { openStore, type StoreOptions } from '../../../src/sinks/store/store.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const WITHIN = { timeout: 10_000, interval: 20 };
const lifeOf = (key: string, value: string | null = `of ${key}`) => ({ kind: 'life', key, value });

function recorder() {
  const lines: string[] = [];
  const write = (_: object, sentence: string) => void lines.push(sentence);
  return { lines, log: { debug: write, info: write, warn: write, error: write } };
}

async function open(path: string, options: Partial<StoreOptions> = {}) {
  const { lines, log } = recorder();
  const store = await openStore({ path, log, retryMs: 20, ...options });
  onTestFinished(() => store.close());
  return { store, lines };
}

test('what was kept is there after the next start, what was removed is not', async () => {
  const path = join(tempFolder(), 'new', 'falconet.db');
  const first = await open(path);
  await first.store.put([lifeOf('a'), lifeOf('b'), { kind: 'document', key: 'drive/memory', value: '{}' }]);
  await first.store.put([lifeOf('a', null), lifeOf('b', 'later')]);
  await first.store.close();
  const second = await open(path);
  expect([...second.store.all('life')]).toEqual([['b', 'later']]);
  expect([...second.store.all('document')]).toEqual([['drive/memory', '{}']]);
  expect([...first.lines, ...second.lines]).toEqual([]);
});

test('what was awaited is in the file, whatever becomes of the process', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const { store } = await open(path);
  const puts = Array.from({ length: 200 }, (_, i) => store.put([lifeOf(`${i}`)]));
  await puts[99];
  const copy = join(tempFolder(), 'copy.db'); // as the process would leave it if it died now
  for (const part of ['', '-wal']) copyFileSync(path + part, copy + part);
  const file = openStoreFile(copy);
  expect(file.entries().length).toBeGreaterThanOrEqual(100);
  file.close();
});

test.skipIf(process.platform === 'win32')('nobody else can read the folder or the file', async () => {
  const folder = join(tempFolder(), 'data');
  const { store } = await open(join(folder, 'falconet.db'));
  await store.put([lifeOf('a')]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('a damaged file is set aside, said, and begun anew', async () => {
  const folder = tempFolder();
  const path = join(folder, 'falconet.db');
  writeFileSync(path, 'this is no database, and never was one'.repeat(100));
  const { store, lines } = await open(path);
  await store.put([lifeOf('a')]);
  expect(lines).toEqual(['the store was damaged: it was renamed and begun anew']);
  expect(readdirSync(folder).filter((name) => name.startsWith('falconet.db.damaged-'))).toHaveLength(1);
  await store.close();
  expect([...(await open(path)).store.all('life').keys()]).toEqual(['a']);
});

test('a folder that goes away holds nothing up, is said once, and gets all when it is back', async () => {
  const folder = join(tempFolder(), 'data');
  const path = join(folder, 'falconet.db');
  const { store, lines } = await open(path);
  await store.put([lifeOf('before')]);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in the way');
  for (const key of ['a', 'b', 'c']) await store.put([lifeOf(key)]);
  await vi.waitFor(() => expect(store.failed).toBeGreaterThan(2), WITHIN);
  await store.put([lifeOf('a', null)]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('events go out');
  rmSync(folder);
  await vi.waitFor(() => expect(lines).toContain('the store is written again'), WITHIN);
  await store.close();
  expect([...(await open(path)).store.all('life').keys()]).toEqual(['b', 'before', 'c']);
});

test('two gateways with one folder do not end the lives of one another: the second keeps nothing, and says why', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await open(path);
  await first.store.put([lifeOf('a')]);
  const told: unknown[] = [];
  const { log } = recorder();
  const second = await openStore({
    path,
    retryMs: 20,
    log: { ...log, warn: ({ why }) => void told.push(why), info: (_, sentence) => void told.push(sentence) },
  });
  onTestFinished(() => second.close());
  expect(told).toEqual(['another gateway uses it']);
  expect([...second.all('life')]).toEqual([]);
  await second.put([lifeOf('b')]);
  await first.store.close();
  await vi.waitFor(() => expect(told).toContain('the store is written again'), WITHIN);
});

test('a file of a newer Falconet is left as it is', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const { DatabaseSync } = await import('node:sqlite');
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  const { store, lines } = await open(path);
  await store.put([lifeOf('a')]);
  expect(store.failed).toBeGreaterThan(0);
  expect(lines).toHaveLength(1);
  await store.close();
  const kept = new DatabaseSync(path);
  expect(kept.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  kept.close();
});

test('a disk that does not answer holds an event up for a second, and the next ones not at all', async () => {
  let answer = (_: Answer): void => {};
  const asked: string[] = [];
  const thread = {
    ask: ({ ask }: { ask: string }) => {
      asked.push(ask);
      return ask === 'open'
        ? Promise.resolve<Answer>({ kind: 'opened', entries: [] })
        : new Promise<Answer>((resolve) => {
            answer = resolve;
          });
    },
    end: async () => {},
  };
  const { store } = await open(join(tempFolder(), 'falconet.db'), { thread });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const first = store.put([lifeOf('a')]);
  await vi.advanceTimersByTimeAsync(999);
  expect(await Promise.race([first.then(() => 'done'), 'waiting'])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  await first;
  await store.put([lifeOf('b')]);
  answer({ kind: 'done' });
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(['open', 'write', 'write']);
  answer({ kind: 'done' });
  const closed = store.close();
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
});

test('a folder that cannot be made is no reason not to start', async () => {
  const folder = join(tempFolder(), 'file');
  writeFileSync(folder, '');
  const { store, lines } = await open(join(folder, 'data', 'falconet.db'));
  await store.put([lifeOf('a')]);
  expect(lines).toHaveLength(1);
  rmSync(folder);
  mkdirSync(folder);
  await vi.waitFor(() => expect(lines).toContain('the store is written again'), WITHIN);
});
