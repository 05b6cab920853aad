import type { IClientPublishOptions, MqttClient } from 'mqtt';
import { asError, FalconetError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import { within } from '../core/within.ts';
import { brokerFault } from './broker-fault.ts';
import { type LinkOptions, openLink } from './broker-link.ts';
import { asPayload } from './broker-settings.ts';
import { setAsideWhatBreaks } from './hang-ups.ts';
import type { Message } from './presence.ts';
import { slidingWindow } from './window.ts';

export interface BrokerOptions extends LinkOptions {
  /** Published after each connect. */
  readonly greeting: () => readonly Message[];
  /** What is heard from the broker. @default nothing */
  readonly hearing?: Hearing | undefined;
}

/** A message that was subscribed to. */
export interface Received {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** It was kept by the broker: it may be of any age. */
  readonly retain: boolean;
  /** MQTT 5, section 3.3.2.3.5: where its sender wants the answer. */
  readonly responseTopic?: string | undefined;
  /** Section 3.3.2.3.6: comes back with the answer. */
  readonly correlationData?: Uint8Array | undefined;
}

/** Topics that are subscribed to after each connect, with QoS 1. */
export interface Hearing {
  readonly subscriptions: readonly string[];
  /** What the broker has kept comes first, where there is something. */
  onMessage(message: Received): void;
  /** The broker has taken the subscriptions, those that it allows. */
  onSubscribed(): void;
}

export interface Broker {
  isConnected(): boolean;
  /**
   * Resolves when the broker acknowledged the message, however many connections that takes: a message is
   * handed to the client once and sent again by it after a reconnect (MQTT 3.1.1, section 4.4).
   *
   * @throws SINK_OFFLINE when the connection was closed first; SINK_WRITE when the broker refuses the message, takes
   *   none so large, as it has told (MQTT 5), or hung up three times over it.
   */
  publish(message: Message): Promise<void>;
  /** Publishes last words if there is a connection, then ends it. Idempotent, never rejects, within 2 s. */
  close(lastWords: readonly Message[]): Promise<void>;
}

/** Unacknowledged messages, where a broker tells no lower limit; the client does not heed that by itself. */
const IN_FLIGHT = 64;
const LAST_WORDS_MS = 700;
const END_MS = 500;
/** Only pictures are so large: of a size that a broker hung up over, the next are not tried for a while. */
const PICTURE_BYTES = 10_000;
const TRIED_AGAIN_AFTER_MS = 3_600_000;
/**
 * MQTT.js of a message that came while it was sending again what an earlier connection left, when that ends too: it has
 * not kept it, as it keeps all others (its issue 2015).
 */
const GIVEN_BACK = 'Connection closed';
/** More than what a PUBLISH packet has beside topic and payload (MQTT 5, section 3.3). */
const ENVELOPE_BYTES = 128;

/**
 * Publishes over one connection at a time, see broker-link.ts.
 *
 * @throws CONFIG_INVALID when the address is none of a broker.
 */
export function connectBroker(options: BrokerOptions): Broker {
  const { greeting, log } = options;
  const { client, address, version, quieten } = openLink(options);
  const inWindow = slidingWindow(IN_FLIGHT);
  const unanswered = new Set<(reason: Error) => void>();
  /** Fulfilled once a broker has told its limits, or when there will be none. */
  const { promise: answered, resolve: setAnswered } = Promise.withResolvers<void>();
  /** As the broker told, and as it has shown. */
  let toldBytes = Number.POSITIVE_INFINITY;
  let shown = { bytes: Number.POSITIVE_INFINITY, until: 0 };
  let isAnswered = false;
  void answered.then(() => {
    isAnswered = true;
  });
  let closing: Promise<void> | undefined;
  let isClosed = false;

  client.on('connect', ({ properties = {} }) => {
    inWindow.resize(Math.min(IN_FLIGHT, properties.receiveMaximum ?? IN_FLIGHT));
    toldBytes = properties.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    setAnswered();
    // A greeting that fails has lost its connection, and the next connection brings a new one.
    for (const message of greeting()) publish(message).catch(() => {});
    if (options.hearing !== undefined) subscribe(client, options.hearing, log);
  });
  client.on('message', (topic, payload, { retain, properties = {} }) => {
    const { responseTopic, correlationData } = properties;
    if (!isClosed) options.hearing?.onMessage({ topic, payload, retain, responseTopic, correlationData });
  });

  setAsideWhatBreaks(client, ({ bytes }) => {
    if (bytes < PICTURE_BYTES) return; // it is the topic that the broker does not want
    shown = { bytes: bytes + ENVELOPE_BYTES - 1, until: performance.now() + TRIED_AGAIN_AFTER_MS };
  });
  const mostBytes = (): number =>
    performance.now() < shown.until ? Math.min(shown.bytes, toldBytes) : toldBytes;

  const publish = (message: Message): Promise<void> => {
    const enter = (): Promise<void> => inWindow.run(() => send(message));
    return isAnswered ? enter() : answered.then(enter); // or more would enter than the broker allows
  };

  /** Calls back once, with the broker's answer. */
  function handOver(message: Message, payload: Buffer, onAnswer: (cause?: Error) => void): void {
    client.publish(message.topic, payload, publishOptions(message), (cause) => {
      if (isClosed) return; // whoever waits was told
      if (cause?.message !== GIVEN_BACK) onAnswer(cause);
      else queueMicrotask(() => handOver(message, payload, onAnswer)); // once the client has put its own things away
    });
  }

  const send = (message: Message): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isClosed) throw offline(address);
      const { plainPayload = message.payload } = message;
      const payload = asPayload(version() === 4 ? plainPayload : message.payload);
      refuseLarger(mostBytes(), message, payload);
      unanswered.add(reject);
      handOver(message, payload, (cause) => {
        unanswered.delete(reject);
        if (cause) reject(notTaken(message.topic, cause, version()));
        else resolve();
      });
    });

  async function end(lastWords: readonly Message[]): Promise<void> {
    quieten();
    if (client.connected) {
      const said = Promise.allSettled(lastWords.map(publish));
      const lost = new Promise<void>((resolve) => client.once('close', () => resolve()));
      await within(LAST_WORDS_MS, Promise.race([said, lost]));
    }
    isClosed = true;
    setAnswered();
    const isClean = client.connected && unanswered.size === 0;
    for (const reject of unanswered) reject(offline(address));
    unanswered.clear();
    // With something unanswered a clean end would wait for the answer; dropping the connection publishes the will.
    await within(
      END_MS,
      client.endAsync(!isClean).catch(() => {}),
    );
  }

  return {
    isConnected: () => client.connected,
    publish,
    close(lastWords) {
      closing ??= end(lastWords);
      return closing;
    },
  };
}

/** Anew after each connect, since no session is kept. What a broker does not allow costs nothing but that. */
function subscribe(client: MqttClient, { subscriptions, onSubscribed }: Hearing, log: Log): void {
  client.subscribe([...subscriptions], { qos: 1 }, (_error, _granted, answer) => {
    if (answer === undefined) return; // the connection is lost, and the next one subscribes
    const topics = subscriptions.filter((_, i) => Number(answer.granted[i]) >= REFUSED);
    const hint = 'Allow the gateway to read these topics in the access list of the broker';
    if (topics.length > 0) log.warn({ topics, hint }, 'mqtt: topics may not be subscribed to');
    onSubscribed();
  });
}

/** Reason codes of SUBACK from here on are refusals (MQTT 3.1.1, section 3.9.3; MQTT 5, table 3-8). */
const REFUSED = 0x80;

/** MQTT 5 tells readers what a payload is, and forgets in time what nobody fetched; 3.1.1 has no place for it. */
function publishOptions(message: Message): IClientPublishOptions {
  const { retain, contentType, expiryS, correlationData, userProperties } = message;
  const properties = {
    contentType,
    payloadFormatIndicator: contentType !== 'image/jpeg', // UTF-8 text (section 3.3.2.3.2)
    ...(expiryS !== undefined && { messageExpiryInterval: expiryS }),
    ...(userProperties !== undefined && { userProperties: { ...userProperties } }),
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData) }),
  };
  return { qos: 1, retain, properties };
}

/** A broker ends the connection over a packet that is too large, and would again each time it is sent. */
function refuseLarger(mostBytes: number, { topic, userProperties }: Message, payload: Buffer): void {
  const beside = userProperties === undefined ? 0 : Buffer.byteLength(JSON.stringify(userProperties));
  const bytes = payload.byteLength + Buffer.byteLength(topic) + ENVELOPE_BYTES + beside;
  if (bytes <= mostBytes) return;
  const message = `mqtt: ${topic}: expected at most ${mostBytes} bytes, got ${bytes}`;
  throw new FalconetError('SINK_WRITE', message, { hint: 'Raise max_packet_size of the broker' });
}

function notTaken(topic: string, cause: unknown, version: 4 | 5): FalconetError {
  const { sentence, hint } = brokerFault(asError(cause), version);
  return new FalconetError('SINK_WRITE', `mqtt: ${topic} was not taken: ${sentence}`, { cause, hint });
}

function offline(address: string): FalconetError {
  const hint = 'See why the broker could not be reached in the lines above';
  return new FalconetError('SINK_OFFLINE', 'mqtt: closed before the broker answered', {
    hint,
    facts: { address },
  });
}
