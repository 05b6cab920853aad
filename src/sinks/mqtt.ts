import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Desk } from '../core/desk.ts';
import type { Sink } from '../core/sink.ts';
import { bridge } from './bridge.ts';
import { type Broker, type BrokerOptions, connectBroker } from './broker.ts';
import { eventTopics } from './event-topics.ts';
import { type Message, presence } from './presence.ts';
import { stillOnline } from './still-online.ts';
import { tallies } from './tallies.ts';

export interface MqttSinkOptions extends Omit<BrokerOptions, 'clientId' | 'will' | 'greeting' | 'hearing'> {
  /** Of the gateway, for the client id. */
  readonly gateway: string;
  /** @default `falconet-<gateway>-` and six random hex digits, so that two of one name can live side by side */
  readonly clientId?: string;
  /** Topics start here, no slash at either end; one per gateway. @default 'falconet' */
  readonly baseTopic?: string;
  /** What the gateway says of itself, and where requests and switches go. @default nothing is said or heard */
  readonly desk?: Desk | undefined;
  /** Whether Home Assistant is told of the gateway's devices, see homeassistant/. @default false */
  readonly homeassistant?: boolean;
  /** Whether requests and switches are heard. @default true */
  readonly requests?: boolean;
  /** Whether what the model sees in each frame is published, at `<base>/camera/<camera>/detections`. @default false */
  readonly detections?: boolean;
  /** How long the broker keeps an event for a reader that is away, s; MQTT 5 only. @default 86_400 */
  readonly expiryS?: number;
  readonly clock?: Clock;
}

/** Deliveries that may be under way. */
const AT_ONCE = 64;

/**
 * Publishes over its own connection, with QoS 1 throughout:
 *
 * - `<base>/camera/<camera>/event`: each event, not retained, as it is news and not a state;
 * - `<base>/camera/<camera>/image/<label>`: JPEG of the newest event's picture, retained, acknowledged
 *   before its event goes out, so whoever reads the event finds the picture there; see with-picture.ts;
 * - `<base>/camera/<camera>/state` and `<base>/bridge/state`: retained, see presence.ts; the latter is heard, too, see
 *   still-online.ts;
 * - what a camera counts: retained, see tallies.ts;
 * - what the gateway is, how it is doing, and what it can be asked for: see bridge.ts.
 *
 * While the broker is away `write` waits, and a message that was on its way is sent again: at least once
 * (MQTT 3.1.1, section 4.3.2), told apart by `id` and `seq`. States and counts are not queued; the newest
 * go out after the connect.
 *
 * @throws CONFIG_INVALID when `url` is not the address of a broker; SINK_OFFLINE from `write` when the sink was
 *   closed before the broker answered.
 */
export function mqttSink(options: MqttSinkOptions): Sink {
  const { baseTopic = 'falconet', gateway, desk, expiryS, clock = systemClock, ...connection } = options;
  const { clientId = `falconet-${gateway}-${randomBytes(3).toString('hex')}` } = options;
  const states = presence(baseTopic);
  let link: Broker | undefined; // what is told before it is there goes out with the greeting
  const port = {
    isConnected: () => link?.isConnected() ?? false,
    publish: async (message: Message) => link?.publish(message),
  };
  const counts = tallies({ baseTopic, ...port });
  const says = desk && bridge({ ...options, ...port, baseTopic, desk });
  const still = stillOnline({ offline: states.will, online: states.online, ...port });
  const greeting = () => [
    ...still.greeting(),
    ...states.greeting(),
    ...counts.greeting(),
    ...(says?.greeting() ?? []),
  ];
  const hearing = still.hearing(says?.hearing);
  const broker = connectBroker({ ...connection, clientId, will: states.will, greeting, hearing });
  link = broker;

  return {
    name: 'mqtt',
    atOnce: AT_ONCE,
    write: eventTopics({
      baseTopic,
      clock,
      publish: broker.publish,
      ...(expiryS !== undefined && { expiryS }),
    }),
    async state(state) {
      const message = states.tell(state);
      if (broker.isConnected()) await broker.publish(message);
    },
    tally: (camera, tally) => counts.tell(camera, tally),
    close() {
      still.close();
      says?.close();
      return broker.close(states.farewell(clock.now()));
    },
  };
}
