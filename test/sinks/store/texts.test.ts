import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, Kept } from '../../../src/sinks/store/messages.ts';
import { createTexts } from '../../../src/sinks/store/texts.ts';

const entry = fc.record({
  kind: fc.constantFrom('life', 'document'),
  key: fc.constantFrom('a', 'b', 'c'),
  value: fc.option(fc.string(), { nil: null }),
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('set' as const), entry }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('write' as const) }) },
  // A commit that failed, or that came through although nobody heard of it; then the file is opened anew.
  { weight: 2, arbitrary: fc.record({ what: fc.constant('fail' as const), isWritten: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('lose' as const) }) },
);

/** A file as the store's thread keeps it. */
function file() {
  let entries = new Map<string, Kept>();
  return {
    entries: () => [...entries.values()],
    write(batch: readonly Entry[]) {
      for (const one of batch) {
        if (one.value === null) entries.delete(`${one.kind} ${one.key}`);
        else entries.set(`${one.kind} ${one.key}`, { ...one, value: one.value });
      }
    },
    /** Somebody removes it. */
    lose() {
      entries = new Map();
      return [];
    },
  };
}

test('after any row of failures a write leaves in the file just what is in memory', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const texts = createTexts();
      const disk = file();
      const fail = (isWritten: boolean) => {
        const batch = texts.take();
        if (isWritten) disk.write(batch);
        texts.giveBack(batch);
        texts.load(disk.entries());
      };
      for (const one of steps) {
        if (one.what === 'set') texts.set(one.entry);
        else if (one.what === 'write') disk.write(texts.take());
        else if (one.what === 'fail') fail(one.isWritten);
        else texts.load(disk.lose());
      }
      disk.write(texts.take());
      expect(texts.unwritten).toBe(0);
      for (const wanted of ['life', 'document']) {
        const kept = disk.entries().filter(({ kind }) => kind === wanted);
        expect(new Map(kept.map((one) => [one.key, one]))).toEqual(new Map(texts.all(wanted)));
      }
    }),
  );
});

test('a text that comes and goes between two writes never reaches the file', () => {
  const texts = createTexts();
  texts.set({ kind: 'life', key: 'a', value: '1' });
  texts.set({ kind: 'life', key: 'a', value: null });
  expect(texts.unwritten).toBe(0);
});
