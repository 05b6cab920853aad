import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { Sink } from '../../src/core/sink.ts';
import { outboxesIn } from '../../src/sinks/outbox.ts';
import { type SinkPlan, sinkSet } from '../../src/sinks/sink-set.ts';
import { openStore } from '../../src/sinks/store/store.ts';
import { anEvent, aReport } from '../helpers/events.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const WITHIN = { timeout: 10_000, interval: 20 };

let story: string[];
beforeEach(() => {
  story = [];
});

/** A sink that tells what is done to it; its close waits for `mayClose`. */
function plan(key: string, mayClose: Promise<void> = Promise.resolve()): SinkPlan {
  return {
    name: key,
    key,
    open() {
      story.push(`open ${key}`);
      return {
        name: key,
        write: async ({ event }) => void story.push(`${key} ${event.seq}`),
        state: async ({ camera }) => void story.push(`${key} state of ${camera}`),
        tally: async (camera) => void story.push(`${key} tally of ${camera}`),
        async close() {
          story.push(`last words of ${key}`);
          await mayClose;
          story.push(`closed ${key}`);
        },
      };
    },
  };
}

const push = (sinks: ReturnType<typeof sinkSet>, seq: number) => sinks.push({ event: anEvent({ seq }) });

test('a sink that stays the same is neither closed nor opened again', async () => {
  const sinks = sinkSet({ log: silentLog });
  sinks.use([plan('a'), plan('b')]);
  sinks.use([plan('b'), plan('a')]);
  expect(story).toEqual(['open a', 'open b']);
  expect(sinks.names).toEqual(['b', 'a']);
  await sinks.close();
});

test('one that is exchanged has its last words before the new one opens, which then gets all that came', async () => {
  const { promise: mayClose, resolve: letClose } = Promise.withResolvers<void>();
  const sinks = sinkSet({ log: silentLog });
  sinks.use([plan('old', mayClose)]);
  push(sinks, 0);
  sinks.use([plan('new')]);
  push(sinks, 1);
  push(sinks, 2);
  letClose();
  await sinks.close();
  expect(story.slice(0, 6)).toEqual([
    'open old',
    'old 0',
    'last words of old',
    'closed old',
    'open new',
    'new 1',
  ]);
  expect(story).toContain('new 2');
});

test('of two sinks of one place that come and go none gets what waits for the other', async () => {
  const store = await openStore({ path: join(tempFolder(), 'falconet.db'), log: silentLog });
  onTestFinished(() => store.close());
  const waiting = { outboxOf: outboxesIn(store, { log: silentLog }) };
  const sinks = sinkSet({ log: silentLog });
  const stuck = { name: 'b', write: () => new Promise<void>(() => {}), close: async () => {} };
  const at = (key: string): SinkPlan => ({ ...plan(key), place: 'hook' });
  const b: SinkPlan = { ...at('b'), open: () => stuck };
  sinks.use([at('a'), b], waiting);
  push(sinks, 0);
  sinks.use([b], waiting);
  sinks.use([b, at('c')], waiting);
  push(sinks, 1);
  await vi.waitFor(() => expect(story).toContain('c 1'), WITHIN);
  expect(story).not.toContain('c 0');
  await sinks.close();
});

test('a sink that is exchanged leaves what it did not write to the one in its place', async () => {
  const path = join(tempFolder(), 'falconet.db');
  const store = await openStore({ path, log: silentLog });
  onTestFinished(() => store.close());
  const waiting = { outboxOf: outboxesIn(store, { log: silentLog }) };
  const sinks = sinkSet({ log: silentLog });
  const stuck = plan('old');
  const open = (): Sink => ({ ...stuck.open(), write: () => new Promise(() => {}) });
  sinks.use([{ ...stuck, place: 'mqtt', open }], waiting);
  push(sinks, 0);
  push(sinks, 1);
  sinks.use([{ ...plan('new'), place: 'mqtt' }], waiting);
  push(sinks, 2);
  await vi.waitFor(() => expect(story).toContain('new 2'), WITHIN);
  expect(story.slice(-3)).toEqual(['new 0', 'new 1', 'new 2']);
  await sinks.close();
});

test('two sinks of one kind are two sinks', async () => {
  const sinks = sinkSet({ log: silentLog });
  sinks.use([plan('a'), plan('a')]);
  sinks.use([plan('a')]);
  await sinks.close();
  expect(story.filter((line) => line === 'open a')).toHaveLength(2);
  expect(story.filter((line) => line === 'closed a')).toHaveLength(2);
});

test('a sink that cannot open loses what is sent to it, and stops nobody', async () => {
  const sinks = sinkSet({ log: silentLog });
  sinks.use([plan('old')]);
  const broken: SinkPlan = {
    name: 'broken',
    key: 'broken',
    open() {
      throw new Error('no such place');
    },
  };
  sinks.use([broken, plan('new')]);
  push(sinks, 1);
  await sinks.close();
  expect(story).toContain('new 1');
});

test('states and counts go to every sink in use', async () => {
  const sinks = sinkSet({ log: silentLog });
  sinks.use([plan('a'), plan('b')]);
  sinks.state(aReport());
  sinks.tally('drive', undefined);
  expect(story.slice(2)).toEqual([
    'a state of drive',
    'b state of drive',
    'a tally of drive',
    'b tally of drive',
  ]);
  await sinks.close();
});
