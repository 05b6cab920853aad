import type { FlowNode } from './node-red.ts';

/** Nothing of ours. */
export const EMPTY: FlowNode[] = [{ id: 't0', type: 'tab', label: 'empty' }];
export const TAB: FlowNode = { id: 't1', type: 'tab', label: 'test' };
/** Fields of a camera that plays the bundled clip, as its dialog saves them. */
export const DEMO = { source: 'demo', fps: '5', mode: 'normal', interval: '10', hwaccel: 'none', loop: true };
export const CAMERA: FlowNode = { id: 'c1', type: 'falconet-camera', name: 'room', ...DEMO, version: 1 };
export const MODEL: FlowNode = {
  id: 'm1',
  type: 'falconet-model',
  name: '',
  model: 'tiny-ssd',
  engine: 'auto',
  processes: '1',
  version: 1,
};

/** A node of the test's tab. Without a place Node-RED takes it for a configuration node. */
export function node(id: string, type: string, rest: object): FlowNode {
  return { id, type, z: TAB.id, x: 1, y: 1, name: '', ...rest };
}

/** Gets messages and does nothing. */
export function debug(id: string): FlowNode {
  return node(id, 'debug', { active: false, wires: [] });
}

export function cameraIn(rest: object): FlowNode {
  return node('in1', 'falconet-camera-in', { camera: CAMERA.id, autostart: true, version: 1, ...rest });
}

export function detect(rest: object): FlowNode {
  return node('d1', 'falconet-detect', { model: MODEL.id, score: '0.4', version: 1, ...rest });
}

/** Whatever fails goes to `failed`. */
export const CATCH: readonly FlowNode[] = [
  node('catch1', 'catch', { scope: null, uncaught: false, wires: [['failed']] }),
  debug('failed'),
];
