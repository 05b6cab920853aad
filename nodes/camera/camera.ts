import { numberFrom } from '../../src/config/fields.ts';
import { nodeCamera } from '../../src/config/node-settings.ts';
import type { CameraNode } from '../lib/camera-node.ts';
import { filled } from '../lib/filled.ts';
import { inWords } from '../lib/io.ts';
import { migrated } from '../lib/migrate.ts';
import type { AdminRequest, AdminResponse, NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { userFolder } from '../lib/user-folder.ts';
import { MIGRATIONS } from './migrations.ts';
import { takeStill } from './still.ts';

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
  /** Polygons that are black before anything sees them, as in falconet.yaml. */
  readonly privacy: readonly (readonly (readonly [number, number])[])[];
  /** Of the saved shape: 1 to 2, see migrations.ts. */
  readonly version: number;
}

/** `falconet-camera`: where a camera is and how it is read; nodes that use it read it, this one does not. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType(
    'falconet-camera',
    function (this: RedNode & CameraNode, saved: CameraDef) {
      RED.nodes.createNode(this, saved);
      const { credentials = {} } = this;
      this.openCamera = () => {
        const def = migrated<CameraDef>(saved, MIGRATIONS);
        return nodeCamera(def.name, settingsOf(def, credentials), userFolder(RED));
      };
    },
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
  const mayRead = RED.auth.needsPermission('falconet-camera.write');
  RED.httpAdmin.post('/falconet/camera/still', mayRead, (request, response) => {
    void answerStill(RED, request, response);
  });
}

/** What the editor shows instead of a password that it does not know. */
const UNCHANGED = '__PWRD__';

/** The dialog's Test button: what the camera of its fields shows now, or why it shows nothing. */
async function answerStill(RED: NodeRed, { body }: AdminRequest, response: AdminResponse): Promise<void> {
  try {
    const { credentials, ...fields } = body as CameraDef & Pick<RedNode, 'credentials'>;
    const def = filled(RED, fields.id, fields);
    const stored = RED.nodes.getCredentials(def.id) ?? {};
    const given = credentials ?? stored; // who draws on a camera's picture has no dialog of it open
    const { password: typed } = given;
    const { password } = typed === UNCHANGED ? stored : given;
    const secrets = filled(RED, def.id, { ...given, password });
    const camera = nodeCamera(def.name, settingsOf(def, secrets), userFolder(RED));
    response.json(await takeStill(camera));
  } catch (error) {
    response.status(422).json({ error: inWords(error).message });
  }
}

/** An empty field is one that was left out. */
function settingsOf(def: CameraDef, { username, password }: NonNullable<RedNode['credentials']>): object {
  const { source, mode, hwaccel, loop, privacy = [] } = def;
  const interval = mode === 'poll' ? numberFrom(def.interval) : undefined;
  const masks = privacy.length === 0 ? undefined : { privacy };
  const all = { source, mode, hwaccel, loop, masks, fps: numberFrom(def.fps), interval, username, password };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}
