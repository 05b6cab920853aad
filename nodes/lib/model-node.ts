import { FalconetError } from '../../src/core/error.ts';
import type { NodeRed } from './node-red.ts';
import { SharedDetector } from './shared-detector.ts';

/** What a `falconet-model` node has for the nodes that use it. */
export interface ModelNode {
  shared: SharedDetector;
}

/** The detector of the config node with this id. Where there is none, one that says so to whoever acquires it. */
export function detectorOf(RED: NodeRed, id: string): SharedDetector {
  const node = RED.nodes.getNode(id);
  if (isModelNode(node)) return node.shared;
  const hint = 'Open the node and choose a model, or enable the one that it has';
  return SharedDetector.failing(
    new FalconetError('MODEL_MISSING', 'expected a falconet-model node, found none', { hint }),
  );
}

/** An id of an edited flow can name any node. */
function isModelNode(node: object | null): node is ModelNode {
  return node !== null && 'shared' in node && node.shared instanceof SharedDetector;
}
