import type { Counts, Tally } from '../core/tally.ts';
import type { Message } from './presence.ts';
import { slug } from './slug.ts';

/** What is told of a camera's tally over one connection. */
export interface Tallies {
  /** Publishes what differs from what was published, once there is a connection; the newest value of each topic. */
  tell(camera: string, tally: Tally | undefined): Promise<void>;
  /** After each connect: every value, for those may have changed meanwhile. */
  greeting(): Message[];
}

export interface TalliesOptions {
  /** Topics start here. */
  readonly baseTopic: string;
  isConnected(): boolean;
  /** Settles when the broker has the message, however many connections that takes. */
  publish(message: Message): Promise<void>;
}

/**
 * The counts of cameras as retained topics, below `<base>/camera/<camera>/`: `count/<label>`,
 * `zone/<zone>/count/<label>`, `zone/<zone>/occupied`, `zone/<zone>/crowded` and `line/<line>/<label>`; and `motion`.
 *
 * A topic whose zone, line or camera is gone is emptied, which takes it off the broker (MQTT 3.1.1, section 3.3.1.3).
 * While a value is under way those that come meanwhile replace each other, so a slow broker gets the last.
 */
export function tallies({ baseTopic, isConnected, publish }: TalliesOptions): Tallies {
  /** By topic what is to stand on the broker; an empty text until that has been told. */
  const values = new Map<string, string>();
  const topicsOf = new Map<string, ReadonlyMap<string, string>>();
  const underWay = new Set<string>();

  async function send(topic: string): Promise<void> {
    if (underWay.has(topic)) return; // it looks again when it is there
    underWay.add(topic);
    try {
      let sent: string | undefined;
      for (let value = values.get(topic); value !== sent && value !== undefined; value = values.get(topic)) {
        sent = value;
        await publish(messageOf(topic, value));
      }
    } finally {
      underWay.delete(topic);
      if (values.get(topic) === '') values.delete(topic);
    }
  }

  return {
    async tell(camera, tally) {
      const base = `${baseTopic}/camera/${camera}`;
      const before = topicsOf.get(camera) ?? new Map<string, string>();
      const now = tally === undefined ? new Map<string, string>() : valuesOf(base, tally);
      topicsOf.set(camera, now);
      const changed = [...now].filter(([topic, value]) => before.get(topic) !== value);
      const gone = [...before.keys()].filter((topic) => !now.has(topic)).map((topic) => [topic, ''] as const);
      for (const [topic, value] of [...changed, ...gone]) values.set(topic, value);
      if (!isConnected()) return;
      await Promise.all([...changed, ...gone].map(([topic]) => send(topic)));
    },
    greeting: () =>
      [...values].filter(([topic]) => !underWay.has(topic)).map(([topic, value]) => messageOf(topic, value)),
  };
}

function messageOf(topic: string, payload: string): Message {
  return {
    topic,
    payload,
    retain: true,
    contentType: payload.startsWith('{') ? 'application/json' : 'text/plain',
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

function onOff(value: boolean): string {
  return value ? 'ON' : 'OFF';
}
