import type { Entry } from './messages.ts';
import type { Store } from './store.ts';

/** A part of a store that nobody else sees: its kinds are those of this name. It is closed with the whole. */
export function scoped(store: Store, name: string): Store {
  const own = (kind: string): string => `${name} ${kind}`;
  const within = (entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => ({ ...entry, kind: own(entry.kind) }));
  return {
    all: (kind) => store.all(own(kind)),
    put: (entries) => store.put(within(entries)),
    later: (entries) => store.later(within(entries)),
    get failed() {
      return store.failed;
    },
    close: async () => {},
  };
}
