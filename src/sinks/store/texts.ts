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

/** Of one kind, by key. */
interface Shelf {
  readonly texts: Map<string, Kept>;
  readonly dirty: Map<string, Entry>;
  /** What the file has, or may have: a text that came and went meanwhile is none of its business. */
  readonly stored: Set<string>;
}

export function createTexts(): Texts {
  const shelves = new Map<string, Shelf>();

  function shelfOf(kind: string): Shelf {
    const shelf = shelves.get(kind) ?? { texts: new Map(), dirty: new Map(), stored: new Set() };
    shelves.set(kind, shelf);
    return shelf;
  }

  return {
    all: (kind) => shelfOf(kind).texts,
    set(entry) {
      const shelf = shelfOf(entry.kind);
      if (isKept(entry)) shelf.texts.set(entry.key, entry);
      else shelf.texts.delete(entry.key);
      mark(shelf, entry);
    },
    get unwritten() {
      return [...shelves.values()].reduce((count, { dirty }) => count + dirty.size, 0);
    },
    take() {
      const taken: Entry[] = [];
      for (const { dirty, stored } of shelves.values()) {
        for (const entry of dirty.values()) {
          taken.push(entry);
          if (entry.value === null) stored.delete(entry.key);
          else stored.add(entry.key);
        }
        dirty.clear();
      }
      return taken;
    },
    giveBack(entries) {
      for (const entry of entries) {
        const { dirty, stored } = shelfOf(entry.kind);
        stored.add(entry.key);
        if (!dirty.has(entry.key)) dirty.set(entry.key, entry);
      }
    },
    load(entries) {
      const inFile = Map.groupBy(entries, ({ kind }) => kind);
      for (const kind of new Set([...shelves.keys(), ...inFile.keys()])) {
        loadShelf(shelfOf(kind), inFile.get(kind) ?? []);
      }
    },
  };
}

function mark({ dirty, stored }: Shelf, entry: Entry): void {
  if (entry.value === null && !stored.has(entry.key)) dirty.delete(entry.key);
  else dirty.set(entry.key, entry);
}

function loadShelf(shelf: Shelf, entries: readonly Kept[]): void {
  const { texts, dirty, stored } = shelf;
  const inFile = new Map(entries.map((entry) => [entry.key, entry.value]));
  stored.clear();
  for (const key of inFile.keys()) stored.add(key);
  for (const entry of entries) {
    if (!dirty.has(entry.key) && !texts.has(entry.key)) texts.set(entry.key, entry);
  }
  for (const entry of texts.values()) if (inFile.get(entry.key) !== entry.value) mark(shelf, entry);
  for (const entry of [...dirty.values()]) mark(shelf, entry); // some may have come and gone
}

function isKept(entry: Entry): entry is Kept {
  return entry.value !== null;
}
