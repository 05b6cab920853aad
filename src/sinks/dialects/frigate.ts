import type { CameraStatus } from '../../core/camera-state.ts';
import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Counts } from '../../core/tally.ts';
import { onOff } from '../on-off.ts';
import type { Message } from '../presence.ts';
import type { Dialect } from './dialect.ts';
import { type FrigateObject, frigateObject } from './frigate-object.ts';

export interface FrigateOptions {
  /** Topics start here. @default 'frigate' */
  readonly prefix?: string;
}

/** What was told of an object that is open. */
interface Told {
  readonly seq: number;
  readonly before: FrigateObject;
  readonly after: FrigateObject;
}

/** Far more than are open at once: an object whose end never came would stay. */
const MOST_OPEN = 10_000;

/**
 * The topics of Frigate, for automations that use those and nothing else of it: `available`, `events`,
 * `<camera>/<label>/snapshot`, `<camera|zone>/<label|all>`, `<camera>/motion` and `<camera>/status/detect`. Its HTTP is
 * not imitated. In pixels of the detect picture; what Falconet does not know is null, 0 or empty.
 */
export function frigate({ prefix = 'frigate' }: FrigateOptions = {}): Dialect {
  const open = new Map<string, Told>();

  function tell(event: FalconetEvent): Told {
    const known = open.get(event.id);
    if (known !== undefined && known.seq === event.seq) return known; // it comes again
    const after = withSnapshotOf(known?.after, frigateObject(event));
    // Whoever waits for the first word that is no false positive finds it in the first message.
    const first = { ...after, false_positive: event.type === 'new', end_time: null };
    const told: Told = { seq: event.seq, before: known?.after ?? first, after };
    open.delete(event.id);
    if (event.type !== 'end') open.set(event.id, told); // the newest last
    const [oldest] = open.keys();
    if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
    return told;
  }

  return {
    name: 'frigate',
    presence: { online: availability(prefix, 'online'), offline: availability(prefix, 'offline') },
    messages({ event, image }) {
      const { before, after } = tell(event);
      const snapshot: Message = {
        topic: `${prefix}/${event.camera}/${level(event.label)}/snapshot`,
        payload: image ?? '',
        retain: true,
        contentType: 'image/jpeg',
      };
      const news: Message = {
        topic: `${prefix}/events`,
        payload: JSON.stringify({ type: event.type, before, after }),
        retain: false,
        contentType: 'application/json',
      };
      return image === undefined ? [news] : [snapshot, news];
    },
    state: ({ camera, state }) => new Map([[`${prefix}/${camera}/status/detect`, statusOf(state)]]),
    tally(camera, tally) {
      const topics = new Map<string, string>();
      if (tally === undefined) return topics;
      addCounts(topics, `${prefix}/${camera}`, tally.counts);
      for (const [zone, { counts }] of Object.entries(tally.zones)) {
        addCounts(topics, `${prefix}/${zone}`, counts);
      }
      if (tally.motion !== undefined) topics.set(`${prefix}/${camera}/motion`, onOff(tally.motion));
      return topics;
    },
  };
}

/** An object keeps the newest picture that was told: most messages bring none. */
function withSnapshotOf(before: FrigateObject | undefined, object: FrigateObject): FrigateObject {
  if (object.has_snapshot || before === undefined) return object;
  const { snapshot, has_snapshot } = before;
  return { ...object, snapshot, has_snapshot };
}

function addCounts(topics: Map<string, string>, at: string, counts: Counts): void {
  let all = 0;
  for (const [label, count] of Object.entries(counts)) {
    topics.set(`${at}/${level(label)}`, String(count));
    all += count;
  }
  topics.set(`${at}/all`, String(all));
}

/** A label as it is, but for what cannot stand in a level of a topic. */
function level(label: string): string {
  return label.replaceAll(/[/+#\0]/g, '_');
}

function statusOf(state: CameraStatus): 'online' | 'offline' | 'disabled' {
  return state === 'online' || state === 'disabled' ? state : 'offline';
}

function availability(prefix: string, payload: 'online' | 'offline'): Message {
  return { topic: `${prefix}/available`, payload, retain: true, contentType: 'text/plain' };
}
