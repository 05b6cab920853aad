import type { Clock } from '../core/clock.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Sink } from '../core/sink.ts';
import { leavingJson } from './late.ts';
import type { Message } from './presence.ts';
import { slug } from './slug.ts';
import { createTurns } from './turns.ts';
import { withPicture } from './with-picture.ts';

export interface EventTopicsOptions {
  readonly baseTopic: string;
  /** How long the broker keeps an event for a reader that is away, s; MQTT 5 only. @default 86_400 */
  readonly expiryS?: number;
  readonly clock: Clock;
  /** Sends in the order of the calls; settles when the broker has acknowledged. */
  publish(message: Message): Promise<void>;
}

/** Publishes events with their pictures, in the order of each camera: a picture that is under way holds up no other. */
export function eventTopics(options: EventTopicsOptions): Sink['write'] {
  const { baseTopic, expiryS = 86_400, clock, publish } = options;
  const turns = createTurns();

  const publishEvent = (event: FalconetEvent): Promise<void> =>
    publish({
      topic: `${baseTopic}/camera/${event.camera}/event`,
      payload: leavingJson(event, clock.now()),
      retain: false,
      contentType: 'application/json',
      expiryS,
    });

  return ({ event, image }) => {
    if (image === undefined && !turns.isTaken(event.camera)) return publishEvent(event);
    return turns.take(event.camera, (pass) => {
      const sendEvent = (leaving: FalconetEvent): Promise<void> => {
        const published = publishEvent(leaving);
        pass();
        return published;
      };
      return withPicture(event, sendEvent, async () => {
        if (image === undefined) return;
        const topic = `${baseTopic}/camera/${event.camera}/image/${slug(event.label)}`;
        await publish({ topic, payload: image, retain: true, contentType: 'image/jpeg' });
      });
    });
  };
}
