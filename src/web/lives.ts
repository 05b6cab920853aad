import type { EventArchive, EventQuery } from '../core/event-archive.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';

/** The newest lives that a gateway has told of, in memory. */
export interface Lives extends Pick<EventArchive, 'find' | 'image'> {
  add(delivery: Delivery): void;
}

export interface LivesOptions {
  /** @default 500 */
  readonly most?: number;
  /** Of all pictures together. @default 32_000_000 */
  readonly mostBytes?: number;
}

interface Life {
  readonly event: FalconetEvent;
  readonly image: Uint8Array | undefined;
}

/** The archive of a gateway without one, and what a page shows before the archive has it. The oldest lives go first. */
export function newestLives({ most = 500, mostBytes = 32_000_000 }: LivesOptions = {}): Lives {
  /** By id, in the order of their beginning. */
  const lives = new Map<string, Life>();
  let bytes = 0;

  function forget(id: string): void {
    bytes -= lives.get(id)?.image?.byteLength ?? 0;
    lives.delete(id);
  }

  return {
    add({ event, image }) {
      const known = lives.get(event.id);
      if (known !== undefined && known.event.seq >= event.seq) return;
      bytes += (image?.byteLength ?? 0) - (image === undefined ? 0 : (known?.image?.byteLength ?? 0));
      lives.set(event.id, {
        event: { ...event, image: event.image ?? known?.event.image ?? null },
        image: image ?? known?.image,
      });
      for (const id of lives.keys()) {
        if (lives.size <= most && bytes <= mostBytes) break;
        forget(id);
      }
    },
    async find(query) {
      const found = [...lives.values()].map(({ event }) => event).filter((event) => isAskedFor(event, query));
      return found.sort(latestFirst).slice(0, query.limit ?? 100);
    },
    async image(ref) {
      for (const { event, image } of lives.values()) if (event.image?.ref === ref) return image;
      return undefined;
    },
  };
}

/** Whether an event is what a query asks for; its limit apart. */
export function isAskedFor(event: FalconetEvent, query: EventQuery): boolean {
  const { camera, label, zone, since, until, before } = query;
  return (
    (camera === undefined || event.camera === camera) &&
    (label === undefined || event.label === label) &&
    (zone === undefined || event.zones.entered.includes(zone)) &&
    (since === undefined || Date.parse(event.end ?? event.time) >= since || event.end === null) &&
    (until === undefined || Date.parse(event.start) < until) &&
    (before === undefined || latestFirst(before, event) < 0)
  );
}

type Begun = Pick<FalconetEvent, 'id' | 'start'>;

function latestFirst(a: Begun, b: Begun): number {
  if (a.start !== b.start) return a.start < b.start ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
