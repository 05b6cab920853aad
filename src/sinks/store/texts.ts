import type { Entry, Kept } from './messages.ts';

/** Texts by kind and key in memory, and what a file beside them does not have yet. No clock, no I/O. */
export interface Texts {
  /** Those of one kind, by key. */
  all(kind: string): ReadonlyMap<string, Kept>;
  set(entry: Entry): void;
  /** How many the file does not have as they are. */
  readonly unwritten: number;
  /** What is to be written now; it counts as written unless it is given back. */
  take(): Entry[];
  /** It could not be written, or nobody knows; what was set since then stands. */
  giveBack(entries: readonly Entry[]): void;
  /** What the file holds, now that it was opened: what memory knows better is dirty, the rest is taken in. */
  load(entries: readonly Kept[]): void;
}

export function createTexts(): Texts {
  const kinds = new Map<string, Map<string, Kept>>();
  const dirty = new Map<string, Entry>();
  /** What the file has, or may have: a text that came and went meanwhile is none of its business. */
  let stored = new Set<string>();

  function of(kind: string): Map<string, Kept> {
    const texts = kinds.get(kind) ?? new Map<string, Kept>();
    kinds.set(kind, texts);
    return texts;
  }

  function mark(entry: Entry): void {
    const place = placeOf(entry);
    if (entry.value === null && !stored.has(place)) dirty.delete(place);
    else dirty.set(place, entry);
  }

  return {
    all: of,
    set(entry) {
      if (isKept(entry)) of(entry.kind).set(entry.key, entry);
      else of(entry.kind).delete(entry.key);
      mark(entry);
    },
    get unwritten() {
      return dirty.size;
    },
    take() {
      const entries = [...dirty.values()];
      dirty.clear();
      for (const entry of entries) {
        if (entry.value === null) stored.delete(placeOf(entry));
        else stored.add(placeOf(entry));
      }
      return entries;
    },
    giveBack(entries) {
      for (const entry of entries) {
        const place = placeOf(entry);
        stored.add(place);
        if (!dirty.has(place)) dirty.set(place, entry);
      }
    },
    load(entries) {
      const inFile = new Map(entries.map((entry) => [placeOf(entry), entry.value]));
      stored = new Set(inFile.keys());
      for (const entry of entries) {
        if (!dirty.has(placeOf(entry)) && !of(entry.kind).has(entry.key))
          of(entry.kind).set(entry.key, entry);
      }
      const known = [...kinds.values()].flatMap((texts) => [...texts.values()]);
      for (const entry of known) if (inFile.get(placeOf(entry)) !== entry.value) mark(entry);
      for (const entry of [...dirty.values()]) mark(entry); // some may have come and gone
    },
  };
}

function isKept(entry: Entry): entry is Kept {
  return entry.value !== null;
}

function placeOf({ kind, key }: Pick<Entry, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}
