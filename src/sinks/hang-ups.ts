import type { MqttClient } from 'mqtt';

/** A message on its way, by its number in the protocol. */
export interface Sent {
  readonly id: number;
  /** Of topic and payload. */
  readonly bytes: number;
}

/** Finds the message over which a broker hangs up. No clock, no I/O. */
export interface Suspicion {
  sent(message: Sent): void;
  answered(id: number): void;
  /**
   * The connection ended.
   *
   * @returns the message that must not be sent again: the largest that was unanswered, as it was when the connections
   *   before ended, those aside on which nothing was sent.
   */
  ended(): Sent | undefined;
}

/** So many ends over one message are no accident; the client sends it again after each. */
const MOST_ENDS = 3;

export function suspicion(): Suspicion {
  const unanswered = new Map<number, Sent>();
  let suspect: number | undefined;
  let ends = 0;
  return {
    sent(message) {
      unanswered.set(message.id, message);
    },
    answered(id) {
      unanswered.delete(id);
      if (id === suspect) suspect = undefined; // its number may be another message's from here on
    },
    ended() {
      const [largest] = [...unanswered.values()].sort((a, b) => b.bytes - a.bytes);
      unanswered.clear();
      if (largest === undefined) return undefined;
      ends = largest.id === suspect ? ends + 1 : 1;
      suspect = largest.id;
      if (ends < MOST_ENDS) return undefined;
      suspect = undefined;
      return largest;
    },
  };
}

/**
 * Takes a message out of the client when the third connection in a row has ended over it: a broker of MQTT 3.1.1 has no
 * other way to say that it does not want one, and whatever waits behind it would wait for ever. Its publish fails with
 * the client's `Message removed`.
 */
export function setAsideWhatBreaks(client: MqttClient, onSetAside: (message: Sent) => void): void {
  const { sent, answered, ended } = suspicion();
  client.on('packetsend', (packet) => {
    if (packet.cmd !== 'publish' || packet.messageId === undefined) return;
    const { messageId: id, topic, payload } = packet;
    sent({ id, bytes: Buffer.byteLength(topic) + payload.length });
  });
  client.on('packetreceive', (packet) => {
    if (packet.cmd === 'puback' && packet.messageId !== undefined) answered(packet.messageId);
  });
  client.on('close', () => {
    const culprit = ended();
    if (culprit === undefined) return;
    onSetAside(culprit);
    queueMicrotask(() => client.removeOutgoingMessage(culprit.id)); // once the client has put its own things away
  });
}
