import { nodeCamera } from '../../src/config/node-settings.ts';
import type { CameraNode } from '../lib/camera-node.ts';
import { numberFrom } from '../lib/io.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';

interface CameraDef extends NodeDef {
  /** Address, device or file, as in falconet.yaml. */
  readonly source: string;
  /** Frames a second, as a text. */
  readonly fps: string;
  readonly mode: string;
  /** Seconds between pictures with mode poll, as a text. */
  readonly interval: string;
  readonly hwaccel: string;
  readonly loop: boolean;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-camera`: where a camera is and how it is read; nodes that use it read it, this one does not. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType(
    'falconet-camera',
    function (this: RedNode & CameraNode, def: CameraDef) {
      RED.nodes.createNode(this, def);
      const { credentials = {} } = this;
      this.openCamera = () => nodeCamera(def.name, settingsOf(def, credentials), process.cwd());
    },
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
}

/** An empty field is one that was left out. */
function settingsOf(def: CameraDef, { username, password }: NonNullable<RedNode['credentials']>): object {
  const { source, mode, hwaccel, loop } = def;
  const interval = mode === 'poll' ? numberFrom(def.interval) : undefined;
  const all = { source, mode, hwaccel, loop, fps: numberFrom(def.fps), interval, username, password };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}
