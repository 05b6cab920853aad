import type { Keep } from '../../core/keep.ts';
import type { Store } from './store.ts';

const DOCUMENT = 'document';

/** The documents of a store. */
export function keepIn(store: Store): Keep {
  return {
    read(camera, name) {
      const kept = store.all(DOCUMENT).get(keyOf(camera, name));
      return kept === undefined ? undefined : (JSON.parse(kept.value) as unknown);
    },
    write(camera, name, value) {
      store.later([{ kind: DOCUMENT, key: keyOf(camera, name), value: JSON.stringify(value) }]);
    },
  };
}

/** A camera's key has no slash. */
function keyOf(camera: string, name: string): string {
  return `${camera}/${name}`;
}
