import type { Counts, Tally } from '../core/tally.ts';
import { onOff } from './on-off.ts';
import type { Message } from './presence.ts';
import { type RetainedOptions, retainedTopics } from './retained.ts';
import { slug } from './slug.ts';

/** What is told of a camera's tally over one connection. */
export interface Tallies {
  /** Publishes what differs from what was published, once there is a connection; the newest value of each topic. */
  tell(camera: string, tally: Tally | undefined): Promise<void>;
  /** After each connect: every value, for those may have changed meanwhile. */
  greeting(): Message[];
}

export interface TalliesOptions extends RetainedOptions {
  /** Topics start here. */
  readonly baseTopic: string;
}

/**
 * The counts of cameras as retained topics, below `<base>/camera/<camera>/`: `count/<label>`,
 * `zone/<zone>/count/<label>`, `zone/<zone>/occupied`, `zone/<zone>/crowded` and `line/<line>/<label>`; and `motion`.
 *
 * A topic whose zone, line or camera is gone is emptied, which takes it off the broker (MQTT 3.1.1, section 3.3.1.3).
 */
export function tallies({ baseTopic, ...port }: TalliesOptions): Tallies {
  const topics = retainedTopics(port);
  return {
    tell: (camera, tally) =>
      topics.tell(camera, tally === undefined ? new Map() : valuesOf(`${baseTopic}/camera/${camera}`, tally)),
    greeting: () => topics.greeting(),
  };
}

function valuesOf(base: string, { motion, counts, zones, lines }: Tally): Map<string, string> {
  const values = new Map<string, string>();
  const addCounts = (at: string, some: Counts): void => {
    for (const [label, count] of Object.entries(some))
      values.set(`${at}/count/${slug(label)}`, String(count));
  };
  if (motion !== undefined) values.set(`${base}/motion`, onOff(motion));
  addCounts(base, counts);
  for (const [name, zone] of Object.entries(zones)) {
    const at = `${base}/zone/${name}`;
    addCounts(at, zone.counts);
    values.set(`${at}/occupied`, onOff(zone.occupied));
    if (zone.crowded !== undefined) values.set(`${at}/crowded`, onOff(zone.crowded));
  }
  for (const [name, totals] of Object.entries(lines)) {
    for (const [label, { in: inwards, out }] of Object.entries(totals)) {
      values.set(`${base}/line/${name}/${slug(label)}`, JSON.stringify({ in: inwards, out }));
    }
  }
  return values;
}
