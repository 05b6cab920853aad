import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../core/clock.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Sink } from '../core/sink.ts';
import { type BrokerOptions, connectBroker } from './broker.ts';
import { leavingAt } from './late.ts';
import { presence } from './presence.ts';
import { slug } from './slug.ts';
import { tallies } from './tallies.ts';
import { withPicture } from './with-picture.ts';

export interface MqttSinkOptions extends Omit<BrokerOptions, 'clientId' | 'will' | 'greeting'> {
  /** Of the gateway, for the client id. */
  readonly gateway: string;
  /** @default `falconet-<gateway>-` and six random hex digits, so that two of one name can live side by side */
  readonly clientId?: string;
  /** Topics start here, no slash at either end; one per gateway. @default 'falconet' */
  readonly baseTopic?: string;
  readonly clock?: Clock;
}

/** How long a broker keeps an event for a reader that is away; MQTT 5 only. */
const EVENT_EXPIRY_S = 86_400;

/**
 * Publishes over its own connection, with QoS 1 throughout:
 *
 * - `<base>/camera/<camera>/event`: each event, not retained, as it is news and not a state;
 * - `<base>/camera/<camera>/image/<label>`: JPEG of the newest event's picture, retained, acknowledged
 *   before its event goes out, so whoever reads the event finds the picture there; see with-picture.ts;
 * - `<base>/camera/<camera>/state` and `<base>/bridge/state`: retained, see presence.ts;
 * - what a camera counts: retained, see tallies.ts.
 *
 * While the broker is away `write` waits, and a message that was on its way is sent again: at least once
 * (MQTT 3.1.1, section 4.3.2), told apart by `id` and `seq`. States and counts are not queued; the newest
 * go out after the connect.
 *
 * @throws CONFIG_INVALID when `url` is not the address of a broker; SINK_OFFLINE from `write` when the sink was
 *   closed before the broker answered.
 */
export function mqttSink(options: MqttSinkOptions): Sink {
  const { baseTopic = 'falconet', gateway, clock = systemClock, ...connection } = options;
  const { clientId = `falconet-${gateway}-${randomBytes(3).toString('hex')}` } = options;
  const states = presence(baseTopic);
  const counts = tallies({
    baseTopic,
    isConnected: () => broker.isConnected(),
    publish: (message) => broker.publish(message),
  });
  const greeting = () => [...states.greeting(), ...counts.greeting()];
  const broker = connectBroker({ ...connection, clientId, will: states.will, greeting });

  async function send(event: FalconetEvent): Promise<void> {
    await broker.publish({
      topic: `${baseTopic}/camera/${event.camera}/event`,
      payload: JSON.stringify(leavingAt(event, clock.now())),
      retain: false,
      contentType: 'application/json',
      expiryS: EVENT_EXPIRY_S,
    });
  }

  return {
    name: 'mqtt',
    async write({ event, image }) {
      const topic = `${baseTopic}/camera/${event.camera}/image/${slug(event.label)}`;
      await withPicture(event, send, async () => {
        if (image === undefined) return;
        await broker.publish({ topic, payload: image, retain: true, contentType: 'image/jpeg' });
      });
    },
    async state(state) {
      const message = states.tell(state);
      if (broker.isConnected()) await broker.publish(message);
    },
    tally: (camera, tally) => counts.tell(camera, tally),
    close: () => broker.close(states.farewell(clock.now())),
  };
}
