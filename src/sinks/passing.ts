import type { Message } from './presence.ts';
import type { RetainedOptions } from './retained.ts';

export interface PassingOptions extends RetainedOptions {
  /** Messages that may be unacknowledged at once. */
  readonly most: number;
}

/** What is of use now or never: it is published while there is a connection that keeps up, and else is gone. */
export interface Passing {
  tell(topic: string, value: object): void;
}

/** Of readers that are away nobody needs it an hour later. */
const EXPIRY_S = 60;

export function passing({ isConnected, publish, most }: PassingOptions): Passing {
  let underWay = 0;
  return {
    tell(topic, value) {
      if (!isConnected() || underWay >= most) return;
      underWay += 1;
      const message: Message = {
        topic,
        payload: JSON.stringify(value),
        retain: false,
        contentType: 'application/json',
        expiryS: EXPIRY_S,
      };
      publish(message)
        .catch(() => {}) // to say so in the log would make another line to be told
        .finally(() => {
          underWay -= 1;
        });
    },
  };
}
