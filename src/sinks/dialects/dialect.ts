import type { StateReport } from '../../core/camera-state.ts';
import type { Delivery } from '../../core/sink.ts';
import type { Tally } from '../../core/tally.ts';
import type { Message } from '../presence.ts';

/** How a gateway's events are told to those who know another product's topics, or another form. No clock, no I/O. */
export interface Dialect {
  readonly name: string;
  /** What is said after each connect, and by the broker when the gateway vanishes. @default nothing */
  readonly presence?: { readonly online: Message; readonly offline: Message };
  /** What there is to publish, in this order; the same again for a delivery that comes again. */
  messages(delivery: Delivery): Message[];
  /** Retained values by topic. @default nothing is told of it */
  state?(report: StateReport): Map<string, string>;
  tally?(camera: string, tally: Tally | undefined): Map<string, string>;
}
