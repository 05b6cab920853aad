import type { Keep } from '../../core/keep.ts';
import type { Store } from './store.ts';

const DOCUMENT = 'document';

/** The documents of a store. */
export function keepIn(store: Store): Keep {
  return {
    read(camera, name) {
      const text = store.all(DOCUMENT).get(keyOf(camera, name));
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    write(camera, name, value) {
      void store.put([{ kind: DOCUMENT, key: keyOf(camera, name), value: JSON.stringify(value) }]);
    },
  };
}

/** A camera's key has no slash. */
function keyOf(camera: string, name: string): string {
  return `${camera}/${name}`;
}
