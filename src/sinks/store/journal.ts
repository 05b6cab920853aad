import type { Journal } from '../../core/journal.ts';
import { eventSchema, type FalconetEvent } from '../../core/schema/event.ts';
import { eventJson } from './event-json.ts';
import { parsed } from './parsed.ts';
import type { Store } from './store.ts';

/** A life that was open when the gateway was last heard of. */
export interface OpenLife {
  /** The last that was said of it. */
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
  store.later(unread.map((key) => ({ kind: LIFE, key, value: null })));
  return {
    leftOver: inOrder(lives, (camera) => readCount(store, camera)),
    note(event) {
      const { id, camera, run, stream_seq: seq, type } = event;
      const count: Count = { run, seq };
      store.later([
        { kind: LIFE, key: id, value: type === 'end' ? null : eventJson(event) },
        { kind: COUNT, key: camera, value: JSON.stringify(count) },
      ]);
    },
  };
}

/** The open lives of a store, and the keys of what another version of Falconet wrote that is none here. */
function readLives(store: Store): { readonly lives: FalconetEvent[]; readonly unread: string[] } {
  const lives: FalconetEvent[] = [];
  const unread: string[] = [];
  for (const [id, { value }] of store.all(LIFE)) {
    const { success, data } = eventSchema.safeParse(parsed(value));
    if (success && data.type !== 'end') lives.push(data);
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
      next.set(`${camera} ${run}`, streamSeq + 1);
      return { last, streamSeq };
    });
}

function readCount(store: Store, camera: string): Count | undefined {
  const count = parsed(store.all(COUNT).get(camera)?.value);
  const isCount = typeof count === 'object' && count !== null && 'run' in count && 'seq' in count;
  return isCount ? { run: String(count.run), seq: Number(count.seq) } : undefined;
}
