import type { NodeCamera } from '../../src/config/node-settings.ts';
import { FalconetError } from '../../src/core/error.ts';
import type { NodeRed } from './node-red.ts';

/** What a `falconet-camera` node has for the nodes that use it. */
export interface CameraNode {
  /** @throws CONFIG_INVALID with all mistakes of its settings. */
  openCamera(): NodeCamera;
}

/** @throws CONFIG_INVALID when there is no camera with this id, or its settings have mistakes. */
export function cameraOf(RED: NodeRed, id: string): NodeCamera {
  const node = RED.nodes.getNode(id);
  if (isCameraNode(node)) return node.openCamera();
  throw new FalconetError('CONFIG_INVALID', 'expected a falconet-camera node, found none', {
    hint: 'Open the node and choose a camera, or enable the one that it has',
  });
}

/** An id of an edited flow can name any node. */
function isCameraNode(node: object | null): node is CameraNode {
  return node !== null && 'openCamera' in node && typeof node.openCamera === 'function';
}
