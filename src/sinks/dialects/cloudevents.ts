import type { FalconetEvent } from '../../core/schema/event.ts';
import type { Message } from '../presence.ts';
import type { Dialect } from './dialect.ts';

/** Of CloudEvents 1.0, each as text; `sequence` is of its extension of that name. */
interface Attributes {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly dataschema: string;
  readonly sequence: string;
}

/** `source` and `id` together name one message of one event (CloudEvents 1.0, "REQUIRED Attributes"). */
function attributesOf(event: FalconetEvent): Attributes {
  const { id, seq, type, gateway, camera, time, stream_seq: sequence } = event;
  return {
    specversion: '1.0',
    id: `${id}-${seq}`,
    source: `/falconet/${gateway}/${camera}`,
    type: `falconet.event.${type}.v1`,
    subject: id,
    time,
    dataschema: 'urn:falconet:schema:event-1',
    sequence: String(sequence),
  };
}

/**
 * The event as a CloudEvent, by the MQTT binding of CloudEvents 1.0: with MQTT 5 in binary mode, the event as it is with
 * the attributes as user properties; with 3.1.1, which has no place for those, in structured mode.
 */
export function cloudEvent(event: FalconetEvent, topic: string): Message {
  const attributes = attributesOf(event);
  return {
    topic,
    payload: JSON.stringify(event),
    retain: false,
    contentType: 'application/json',
    userProperties: { ...attributes },
    plainPayload: JSON.stringify({ ...attributes, datacontenttype: 'application/json', data: event }),
  };
}

export function cloudevents({ baseTopic }: { readonly baseTopic: string }): Dialect {
  return {
    name: 'cloudevents',
    messages: ({ event }) => [cloudEvent(event, `${baseTopic}/camera/${event.camera}/cloudevent`)],
  };
}
