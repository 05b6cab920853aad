import type { NodeBroker } from '../../src/config/node-settings.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { NodeRed } from './node-red.ts';

/** What a `falconet-broker` node has for the gateway that uses it. */
export interface BrokerNode {
  /** @throws CONFIG_INVALID with all mistakes of its settings. */
  openBroker(baseTopic: string): NodeBroker;
}

/** @throws CONFIG_INVALID when there is no broker with this id, or its settings have mistakes. */
export function brokerOf(RED: NodeRed, id: string, baseTopic: string): NodeBroker {
  const node = RED.nodes.getNode(id);
  if (isBrokerNode(node)) return node.openBroker(baseTopic);
  throw new FalconetError('CONFIG_INVALID', 'expected a falconet-broker node, found none', {
    hint: 'Open the gateway and choose a broker, or enable the one that it has',
  });
}

/** An id of an edited flow can name any node. */
function isBrokerNode(node: object | null): node is BrokerNode {
  return node !== null && 'openBroker' in node && typeof node.openBroker === 'function';
}
