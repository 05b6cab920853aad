import type { FrameReport } from './frame-report.ts';
import type { BridgeHealth, BridgeInfo, LogLine } from './schema/bridge.ts';
import type { Verb } from './schema/request.ts';

/** What comes back of a request that was carried out. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  /** JPEG that was asked for, and of which camera. */
  readonly picture?: { readonly camera: string; readonly jpeg: Uint8Array };
}

/** What a gateway says of itself. */
export type Notice =
  | { readonly kind: 'info'; readonly info: BridgeInfo }
  | { readonly kind: 'health'; readonly health: BridgeHealth }
  | { readonly kind: 'log'; readonly line: LogLine }
  | { readonly kind: 'frame'; readonly report: FrameReport };

/** Where a gateway tells of itself and takes what it is asked for, whichever way that comes. */
export interface Desk {
  /**
   * Hears what is known already, then each change, the health every 30 s, lines of the log and frames looked at.
   *
   * @returns ends it.
   */
  watch(listener: (notice: Notice) => void): () => void;
  /**
   * Carries out a request, one after the other.
   *
   * @throws REQUEST_REFUSED for one that is none, or that cannot be carried out now; what carrying it out throws.
   */
  request(verb: Verb, body: unknown): Promise<Answer>;
  /**
   * Sets a camera's switch (`enabled`, `detect`, `record`: `ON` or `OFF`) or threshold (`threshold/<label>`, a number);
   * an empty text goes back to what the configuration says. Settled once it is in force.
   *
   * @throws REQUEST_REFUSED for a camera, switch or value that is none.
   */
  set(camera: string, name: string, value: string): Promise<void>;
}
