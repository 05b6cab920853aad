import { FalconetError } from '../../src/core/error.ts';
import type { EventArchive } from '../../src/core/event-archive.ts';
import type { Keep } from '../../src/core/keep.ts';
import type { Delivery } from '../../src/core/sink.ts';
import type { SinkQueue } from '../../src/sinks/queue.ts';
import type { StoredJournal } from '../../src/sinks/store/journal.ts';
import type { DetectorFacts } from './io.ts';
import type { NodeRed } from './node-red.ts';
import type { Shared } from './shared.ts';

/** What one *track* keeps on disk. */
export interface Memory {
  readonly journal: StoredJournal;
  readonly keep: Keep;
}

/** What a gateway keeps on disk. */
export interface GatewayData {
  /** Of a node; undefined where the gateway has no folder. */
  memoryOf(id: string): Memory | undefined;
  close(): Promise<void>;
}

/** A gateway's event store. */
export interface GatewayArchive {
  /** Undefined where the gateway has no folder. */
  readonly events: Pick<EventArchive, 'find' | 'image'> | undefined;
  /** Takes a delivery at once. */
  push(delivery: Delivery): void;
  close(): Promise<void>;
}

/** What is followed, for whoever is told of the gateway. */
export interface Roster {
  /**
   * A camera that a *track* hears of.
   *
   * @param rules - as the editor saved them.
   * @param detector - what looked at it, once that is known.
   */
  follow(
    camera: string,
    by: { readonly track: string; readonly rules: object; readonly detector?: DetectorFacts },
  ): void;
  /** A *track* that is gone for good. */
  forget(track: string): void;
}

/** How the connection to a broker stands, in words. */
export interface LinkNews {
  readonly isUp: boolean;
  readonly sentence: string;
}

/** Where a gateway's news go. */
export interface MqttOutlet extends Pick<SinkQueue, 'state' | 'tally' | 'close'> {
  /**
   * Takes a delivery at once; settles once it is on disk, where the gateway has a folder. Never rejects.
   *
   * @param onResult - called when the broker has it, or with why it did not take it; never where it is given up.
   */
  push(delivery: Delivery, onResult: (error?: unknown) => void): Promise<void>;
  /**
   * Tells what is known already, then each change: of an outage, each reason once.
   *
   * @returns ends it.
   */
  watch(listener: (news: LinkNews) => void): () => void;
}

/** What a `falconet-gateway` node has for the nodes that use it. */
export interface GatewayNode {
  /** Of the gateway, in events. */
  readonly gatewayName: string;
  readonly data: Shared<GatewayData>;
  /** What *dashboard out* shows of the past. */
  readonly archive: Shared<GatewayArchive>;
  readonly roster: Roster;
  /** Its connection to the broker, with what waits for that. */
  readonly mqtt: Shared<MqttOutlet>;
}

/** @throws CONFIG_INVALID when there is no gateway with this id. */
export function gatewayOf(RED: NodeRed, id: string): GatewayNode {
  const node = RED.nodes.getNode(id);
  if (isGatewayNode(node)) return node;
  throw new FalconetError('CONFIG_INVALID', 'expected a falconet-gateway node, found none', {
    hint: 'Open the node and choose a gateway, or enable the one that it has',
  });
}

/** An id of an edited flow can name any node. */
function isGatewayNode(node: object | null): node is GatewayNode {
  return node !== null && 'gatewayName' in node && 'data' in node && 'mqtt' in node;
}
