import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.ts';
import { FalconetError } from '../core/error.ts';
import type { Sink } from '../core/sink.ts';
import { type BrokerOptions, connectBroker } from './broker.ts';
import type { Dialect } from './dialects/dialect.ts';
import { leavingAt } from './late.ts';
import type { Message } from './presence.ts';
import { retainedTopics } from './retained.ts';
import { stillOnline } from './still-online.ts';

export interface DialectSinkOptions
  extends Omit<BrokerOptions, 'clientId' | 'will' | 'greeting' | 'hearing'> {
  readonly dialect: Dialect;
  /** Of the gateway, for the client id. */
  readonly gateway: string;
  /** What it begins with. @default `falconet-<gateway>` and six random hex digits */
  readonly clientId?: string;
  /** How long the broker keeps an event for a reader that is away, s; MQTT 5 only. @default 86_400 */
  readonly expiryS?: number;
  readonly clock?: Clock;
}

/**
 * Publishes in another dialect over a connection of its own, since a connection has one last will.
 *
 * @throws CONFIG_INVALID when `url` is not the address of a broker; SINK_OFFLINE and SINK_WRITE from `write` as
 *   `mqttSink` does; the messages after one that was refused are published.
 */
export function dialectSink(options: DialectSinkOptions): Sink {
  const { dialect, gateway, expiryS = 86_400, clock = systemClock, ...connection } = options;
  const { clientId: first = `falconet-${gateway}-${randomBytes(3).toString('hex')}` } = options;
  const { name, presence } = dialect;
  const port = {
    isConnected: () => broker.isConnected(),
    publish: (message: Message) => broker.publish(message),
  };
  const still = presence && stillOnline({ ...presence, ...port });
  const broker = connectBroker({
    ...connection,
    clientId: `${first}-${name}`,
    ...(presence !== undefined && { will: presence.offline }),
    greeting: () => [...(still?.greeting() ?? []), ...topics.greeting()],
    hearing: still?.hearing(),
  });
  const topics = retainedTopics(broker);

  return {
    name,
    async write({ event, ...rest }) {
      const messages = dialect.messages({ event: leavingAt(event, clock.now()), ...rest });
      let refused: unknown;
      for (const message of messages) {
        try {
          await broker.publish(message.retain ? message : { ...message, expiryS });
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refused = error; // a picture that is too large does not take its event along
        }
      }
      if (refused !== undefined) throw refused;
    },
    async state(report) {
      if (dialect.state !== undefined) await topics.tell(`state ${report.camera}`, dialect.state(report));
    },
    async tally(camera, tally) {
      if (dialect.tally !== undefined) await topics.tell(`tally ${camera}`, dialect.tally(camera, tally));
    },
    close() {
      still?.close();
      return broker.close(presence === undefined ? [] : [presence.offline]);
    },
  };
}

/** Whether the broker will never take it. */
function isRefusal(error: unknown): boolean {
  return error instanceof FalconetError && error.code === 'SINK_WRITE';
}
