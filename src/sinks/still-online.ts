import type { Hearing } from './broker.ts';
import { asPayload } from './broker-settings.ts';
import type { Message } from './presence.ts';

export interface StillOnlineOptions {
  /** The last will; on the topic of `online`. */
  readonly offline: Message;
  readonly online: Message;
  isConnected(): boolean;
  /** Settles when the broker has the message, however many connections that takes. */
  publish(message: Message): Promise<void>;
}

/** That somebody is there, said as often as it has to be. */
export interface StillOnline {
  /** After each connect. */
  greeting(): Message[];
  /** What it has to hear, and the others of its connection. */
  hearing(others?: Hearing): Hearing;
  /** Before the last words. Idempotent. */
  close(): void;
}

/** However many say that they go, it is said once in so long. */
const AGAIN_AFTER_MS = 1_000;
/** Twice the keepalive: a broker gives a connection up after one and a half (MQTT 3.1.1, section 3.1.2.10). */
const GIVEN_UP_AFTER_MS = 60_000;

/**
 * Says `online` again when somebody else says `offline`, or empties the topic: a start before whose connection the
 * broker gives up late, such as after a power cut, or another gateway on the same topics. Once more when a broker must
 * have given up all that was there before, since it may let nobody read.
 */
export function stillOnline({ offline, online, isConnected, publish }: StillOnlineOptions): StillOnline {
  const { topic } = online;
  const word = asPayload(offline.payload);
  let again: NodeJS.Timeout | undefined;
  let last: NodeJS.Timeout | undefined;
  let isClosed = false;

  const sayIt = (): void => {
    if (!isClosed && isConnected()) publish(online).catch(() => {}); // lost with its connection, and the next one greets
  };

  const sayAgain = (): void => {
    again = undefined;
    sayIt();
  };

  return {
    greeting() {
      clearTimeout(last);
      last = setTimeout(sayIt, GIVEN_UP_AFTER_MS).unref();
      return [online];
    },
    hearing: (others) => ({
      subscriptions: [topic, ...(others?.subscriptions ?? [])],
      onMessage(message) {
        if (message.topic !== topic) others?.onMessage(message);
        else if (message.payload.length === 0 || word.equals(message.payload)) {
          again ??= setTimeout(sayAgain, AGAIN_AFTER_MS).unref();
        }
      },
      onSubscribed: () => others?.onSubscribed(),
    }),
    close() {
      isClosed = true;
      clearTimeout(again);
      clearTimeout(last);
    },
  };
}
