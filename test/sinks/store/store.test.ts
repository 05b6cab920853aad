import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStoreFile } from '../../../src/sinks/store/file.ts';
import type { Answer, Kept } from '../../../src/sinks/store/messages.ts';
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
  expect([...second.store.all('life').values()]).toEqual([{ kind: 'life', key: 'b', value: 'later' }]);
  expect([...second.store.all('document').values()]).toEqual([
    { kind: 'document', key: 'drive/memory', value: '{}' },
  ]);
  expect([...first.lines, ...second.lines]).toEqual([]);
});

test('what was awaited is in the file, whatever becomes of the process', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const { store } = await open(path);
  const puts = Array.from({ length: 200 }, (_, i) => store.put([lifeOf(`${i}`)]));
  await puts[99];
  expect(atOnceAfter(path).length).toBeGreaterThanOrEqual(100);
});

/** As the process would leave it if it died now. */
function atOnceAfter(path: string): Kept[] {
  const copy = join(tempFolder(), 'copy.db');
  for (const part of ['', '-wal']) copyFileSync(path + part, copy + part);
  const file = openStoreFile(copy);
  const entries = file.entries();
  file.close();
  return entries;
}

test('what is put in one turn is on disk as a whole or not at all, and one wait is enough', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const { store } = await open(path);
  const seen = new Set<number>();
  for (let i = 0; i < 50; i++) {
    store.later([{ kind: 'life', key: `${i}`, value: '' }]);
    const written = store.put([{ kind: 'outbox', key: `${i}`, value: '', bytes: new Uint8Array([i]) }]);
    if (i % 2 === 0) await written;
    const entries = atOnceAfter(path);
    const keysOf = (wanted: string) => entries.filter(({ kind }) => kind === wanted).map(({ key }) => key);
    expect(keysOf('life')).toEqual(keysOf('outbox'));
    if (i % 2 === 0) expect(keysOf('life')).toContain(`${i}`);
    seen.add(entries.length);
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('bytes come back as they were', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await open(path);
  const bytes = new Uint8Array([9, 0, 255, 7]).subarray(1);
  await first.store.put([{ kind: 'outbox', key: 'a', value: '{}', bytes }]);
  await first.store.close();
  const { store } = await open(path);
  expect(store.all('outbox').get('a')).toEqual({ kind: 'outbox', key: 'a', value: '{}', bytes });
});

test('the room that an outage took is given back at the next start', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await open(path);
  const keys = Array.from({ length: 20 }, (_, i) => `${i}`);
  await first.store.put(
    keys.map((key) => ({ kind: 'outbox', key, value: '', bytes: new Uint8Array(50_000) })),
  );
  await first.store.put(keys.map((key) => ({ kind: 'outbox', key, value: null })));
  await first.store.close();
  expect(statSync(path).size).toBeGreaterThan(1_000_000);
  await (await open(path)).store.close();
  expect(statSync(path).size).toBeLessThan(50_000);
});

test('a file of the version before is read, and what it did not have yet is kept in it', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const { DatabaseSync } = await import('node:sqlite');
  const before = new DatabaseSync(path);
  before.exec(`
    CREATE TABLE kept (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
    INSERT INTO kept VALUES ('document', 'drive/memory', '{}');
    PRAGMA user_version = 1;
  `);
  before.close();
  const first = await open(path);
  await first.store.put([{ kind: 'outbox', key: 'a', value: '', bytes: new Uint8Array([1]) }]);
  await first.store.close();
  const { store, lines } = await open(path);
  expect(store.all('document').get('drive/memory')?.value).toBe('{}');
  expect(store.all('outbox').get('a')?.bytes).toEqual(new Uint8Array([1]));
  expect(lines).toEqual([]);
});

test('what nobody waits for is one commit with all that comes within 20 ms, not one each', async () => {
  const asked: string[] = [];
  const thread = {
    async ask({ ask }: { ask: string }): Promise<Answer> {
      asked.push(ask);
      return ask === 'open' ? { kind: 'opened', entries: [] } : { kind: 'done' };
    },
    end: async () => {},
  };
  const { store } = await open(join(tempFolder(), 'falconet.db'), { thread });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  for (let i = 0; i < 19; i++) {
    store.later([lifeOf(`${i}`)]);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(asked).toEqual(['open']);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['open', 'write']);
  store.later([lifeOf('later')]);
  await store.put([lifeOf('now')]);
  expect(asked).toEqual(['open', 'write', 'write']);
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
    log: { ...log, error: ({ why }) => void told.push(why), info: (_, sentence) => void told.push(sentence) },
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

test('a disk that does not answer holds an event up for a second, the next ones not at all, and is told', async () => {
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
  const { store, lines } = await open(join(tempFolder(), 'falconet.db'), { thread });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const first = store.put([lifeOf('a')]);
  await vi.advanceTimersByTimeAsync(999);
  expect(await Promise.race([first.then(() => 'done'), 'waiting'])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  await first;
  await store.put([lifeOf('b')]);
  expect(lines).toEqual([expect.stringContaining('the disk of the store does not answer')]);
  answer({ kind: 'done' });
  await vi.advanceTimersByTimeAsync(20);
  expect(asked).toEqual(['open', 'write', 'write']);
  answer({ kind: 'done' });
  const closed = store.close();
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
  expect(lines.slice(1)).toEqual(['the store is written again']);
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
