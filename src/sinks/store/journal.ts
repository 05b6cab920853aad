import type { Journal } from '../../core/journal.ts';
import { eventSchema, type FalconetEvent } from '../../core/schema/event.ts';
import type { Store } from './store.ts';

/** A life that was open when the gateway was last heard of. */
export interface OpenLife {
  /** The last that was said of it; an `end` where nobody knows whether the sinks got that. */
  readonly last: FalconetEvent;
  /** `stream_seq` of what is said next of it. */
  readonly streamSeq: number;
}

export interface StoredJournal extends Journal {
  /** Lives of runs before this one, in the order in which they were last spoken of. */
  readonly leftOver: readonly OpenLife[];
}

/** How far a camera has counted. */
interface Count {
  readonly run: string;
  readonly seq: number;
}

const LIFE = 'life';
const COUNT = 'stream';

/** The journal of a store: each open life with its last event, and each camera with its last `stream_seq`. */
export function journalIn(store: Store): StoredJournal {
  const { lives, unread } = readLives(store);
  void store.put(unread.map((key) => ({ kind: LIFE, key, value: null })));
  return {
    leftOver: inOrder(lives, (camera) => readCount(store, camera)),
    async note(events) {
      await store.put(
        events.flatMap((event) => {
          const count: Count = { run: event.run, seq: event.stream_seq };
          return [
            { kind: LIFE, key: event.id, value: JSON.stringify(event) },
            { kind: COUNT, key: event.camera, value: JSON.stringify(count) },
          ];
        }),
      );
    },
    forget(id) {
      void store.put([{ kind: LIFE, key: id, value: null }]);
    },
  };
}

/** The lives of a store, and the keys of those that another version of Falconet wrote in a way that this one cannot read. */
function readLives(store: Store): { readonly lives: FalconetEvent[]; readonly unread: string[] } {
  const lives: FalconetEvent[] = [];
  const unread: string[] = [];
  for (const [id, text] of store.all(LIFE)) {
    const { success, data } = eventSchema.safeParse(parsed(text));
    if (success) lives.push(data);
    else unread.push(id);
  }
  return { lives, unread };
}

/** Numbers what is to come, each camera and run going on where it stopped. */
function inOrder(
  lives: readonly FalconetEvent[],
  countOf: (camera: string) => Count | undefined,
): OpenLife[] {
  const next = new Map<string, number>();
  return lives
    .toSorted((a, b) => a.time.localeCompare(b.time) || a.stream_seq - b.stream_seq)
    .map((last) => {
      const { camera, run } = last;
      const count = countOf(camera);
      const counted = count?.run === run ? count.seq + 1 : last.stream_seq + 1;
      const streamSeq = next.get(`${camera} ${run}`) ?? counted;
      next.set(`${camera} ${run}`, last.type === 'end' ? streamSeq : streamSeq + 1);
      return { last, streamSeq };
    });
}

function readCount(store: Store, camera: string): Count | undefined {
  const count = parsed(store.all(COUNT).get(camera));
  const isCount = typeof count === 'object' && count !== null && 'run' in count && 'seq' in count;
  return isCount ? { run: String(count.run), seq: Number(count.seq) } : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined; // not ours: as good as nothing
  }
}
