import type { Journal } from '../core/journal.ts';
import type { FalconetEvent } from '../core/schema/event.ts';
import type { Delivery } from '../core/sink.ts';
import { handOver, type Outlet } from './hand-over.ts';
import type { Recorder } from './recorder.ts';

export interface DispatchOptions {
  readonly sinks: readonly Outlet[];
  /** Knows each event when the sinks do. @default none: a crash leaves lives without their end */
  readonly journal?: Journal | undefined;
  /** Knows the clips. @default there are none */
  readonly recorder?: Pick<Recorder, 'of'> | undefined;
}

/** Gives an event its picture, or not. Never rejects. */
export type MakeDelivery = (event: FalconetEvent) => Promise<Delivery> | Delivery;

/** A camera's events on their way to the sinks. */
export interface Dispatch {
  /**
   * Sends in the order of the calls, although pictures take time to encode.
   * Settles when the pictures are made: the frame that they come from is needed no more.
   *
   * @param make - @default without a picture
   */
  send(events: readonly FalconetEvent[], make?: MakeDelivery): Promise<void>;
  /** Settles once the sinks have all that was sent so far. */
  sent(): Promise<void>;
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const { recorder } = options;
  let sending: Promise<void> = Promise.resolve();
  return {
    async send(messages, make = (event) => ({ event })) {
      const events = messages.map((event) => ({ ...event, clip: recorder?.of(event) ?? null }));
      const made = Promise.all(events.map(make));
      sending = sending.then(async () => {
        const deliveries = await made;
        for (const delivery of deliveries) handOver(delivery, options);
      });
      await made;
    },
    sent: () => sending,
  };
}
