import type { Message } from './presence.ts';

/** Retained topics that follow values over connections that come and go. */
export interface RetainedTopics {
  /**
   * Makes these the values of a group, by topic: what differs is published once there is a connection, the newest value
   * of each; a topic that is gone is emptied, which takes it off the broker (MQTT 3.1.1, section 3.3.1.3).
   */
  tell(group: string, values: ReadonlyMap<string, string>): Promise<void>;
  /** After each connect: every value, for those may have changed meanwhile. */
  greeting(): Message[];
}

export interface RetainedOptions {
  isConnected(): boolean;
  /** Settles when the broker has the message, however many connections that takes. */
  publish(message: Message): Promise<void>;
}

/** While a value is under way those that come meanwhile replace each other, so a slow broker gets the last. */
export function retainedTopics({ isConnected, publish }: RetainedOptions): RetainedTopics {
  /** By topic what is to stand on the broker; an empty text until that has been told. */
  const values = new Map<string, string>();
  const groups = new Map<string, ReadonlyMap<string, string>>();
  const underWay = new Set<string>();

  async function send(topic: string): Promise<void> {
    if (underWay.has(topic)) return; // it looks again when it is there
    underWay.add(topic);
    try {
      let sent: string | undefined;
      for (let value = values.get(topic); value !== sent && value !== undefined; value = values.get(topic)) {
        sent = value;
        await publish(retained(topic, value));
      }
    } finally {
      underWay.delete(topic);
      if (values.get(topic) === '') values.delete(topic);
    }
  }

  return {
    async tell(group, now) {
      const before = groups.get(group) ?? new Map<string, string>();
      groups.set(group, now);
      const changed = [...now].filter(([topic, value]) => before.get(topic) !== value);
      const gone = [...before.keys()].filter((topic) => !now.has(topic)).map((topic) => [topic, ''] as const);
      for (const [topic, value] of [...changed, ...gone]) values.set(topic, value);
      if (!isConnected()) return;
      await Promise.all([...changed, ...gone].map(([topic]) => send(topic)));
    },
    greeting: () =>
      [...values].filter(([topic]) => !underWay.has(topic)).map(([topic, value]) => retained(topic, value)),
  };
}

/** JSON where it looks like it, else plain text. */
export function retained(topic: string, payload: string): Message {
  const contentType = payload.startsWith('{') ? 'application/json' : 'text/plain';
  return { topic, payload, retain: true, contentType };
}
